namespace EnterprisePortal.Tests.EndToEnd.Pages;

public sealed class FamilySearchPage(IPage page)
{
    public static async Task<FamilySearchPage> Open(IPage page)
    {
        await page.GotoAsync("/family-search");
        return new(page);
    }

    public ILocator Results => page.GetByRole(AriaRole.Table, new() { Name = "Families", Exact = true }).Locator("tbody tr");

    /// <summary>When nobody is called exactly that.</summary>
    public ILocator SimilarNames => page.GetByRole(AriaRole.Table, new() { Name = "Families with similar names" }).Locator("tbody tr");

    public async Task Search(string name = "", string email = "", string phone = "")
    {
        foreach (var (field, value) in new[] { ("Name", name), ("E-mail", email), ("Phone", phone) })
            await page.GetByLabel(field).FillAsync(value);
        await page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();
        await page.WaitForURLAsync(url => url.Contains('?', StringComparison.Ordinal));
    }

    /// <summary>The magnifying glass; FAMILIES of that account opens in a new tab.</summary>
    public async Task<OfficePage> OpenInAccount(string account) =>
        new(await page.Context.RunAndWaitForPageAsync(
            () => page.Locator("table.families").GetByRole(AriaRole.Link, new() { Name = $"Open in {account}" }).First.ClickAsync()));
}
