namespace EnterprisePortal.Tests.EndToEnd.Pages;

public sealed class ValidationPage(IPage page)
{
    public static async Task<ValidationPage> Open(IPage page, string kind)
    {
        await page.GotoAsync($"/validation/{kind}");
        return new(page);
    }

    public ILocator Names => page.Locator("table.names tbody tr");

    /// <summary>The likely slips of this name.</summary>
    public ILocator Group(string name) =>
        page.Locator(".slips > li").Filter(new() { Has = page.GetByRole(AriaRole.Heading, new() { NameRegex = new($"^{name} in ") }) });

    /// <summary>The key of an account whose names are in sight; its settings open in a new tab.</summary>
    public async Task<OfficePage> OpenSettings(string group, string account) =>
        new(await page.Context.RunAndWaitForPageAsync(
            () => Group(group).GetByRole(AriaRole.Link, new() { Name = $"Open the settings of {account}" }).ClickAsync()));
}
