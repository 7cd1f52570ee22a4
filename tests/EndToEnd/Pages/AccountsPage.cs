namespace EnterprisePortal.Tests.EndToEnd.Pages;

public sealed class AccountsPage(IPage page)
{
    public static async Task<AccountsPage> Open(IPage page)
    {
        await page.GotoAsync("/accounts");
        return new(page);
    }

    public ILocator Rows => page.Locator("table.accounts tbody tr");

    public ILocator Key(string account) => page.GetByRole(AriaRole.Link, new() { Name = $"Enter {account}" });

    public ILocator Star(string account) => page.GetByRole(AriaRole.Button, new() { Name = $"Favorite: {account}" });

    public async Task Filter(string group)
    {
        // The box itself is drawn as a chip.
        await page.GetByRole(AriaRole.Group, new() { Name = "Group Filter" }).GetByText(group, new() { Exact = true }).ClickAsync();
        await page.WaitForURLAsync(url => url.Contains("group=", StringComparison.Ordinal));
    }

    /// <summary>The key; the account opens in a new tab.</summary>
    public async Task<OfficePage> Enter(string account) => new(await page.Context.RunAndWaitForPageAsync(() => Key(account).ClickAsync()));

    public async Task SignOut()
    {
        await page.OpenPersonMenu();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "You are signed out" }).WaitForAsync();
    }
}

public static class PersonMenu
{
    /// <summary>Sessions, tokens, another enterprise, signing out.</summary>
    public static Task OpenPersonMenu(this IPage page) =>
        page.GetByRole(AriaRole.Button, new() { NameRegex = new(": your menu$") }).ClickAsync();
}
