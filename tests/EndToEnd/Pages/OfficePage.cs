namespace EnterprisePortal.Tests.EndToEnd.Pages;

/// <summary>Any page of an account's Office Portal.</summary>
public sealed class OfficePage(IPage page)
{
    public IPage Tab => page;

    public ILocator RedBar => page.Locator("aside.entered-bar");

    public async Task<string> Value(string field) => await page.GetByLabel(field, new() { Exact = true }).InputValueAsync();

    public async Task GoTo(string section) =>
        await page.GetByRole(AriaRole.Link, new() { Name = section, Exact = true }).First.ClickAsync();

    public ILocator Rows => page.Locator("main tbody tr");

    /// <summary>Cells of the newest entries, newest first: Date and Time, Member Name, Username, Source, IP Address, Action, Affected
    /// Records.</summary>
    public async Task<IReadOnlyList<string[]>> AuditLog()
    {
        await GoTo("Audit Log");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Audit Log" }).WaitForAsync();
        var rows = await Rows.AllAsync();
        return await Task.WhenAll(rows.Select(async row => (await row.GetByRole(AriaRole.Cell).AllInnerTextsAsync()).ToArray()));
    }

    /// <summary>On a page of the settings: a level, a program or a charge category.</summary>
    public async Task Rename(string name, string to)
    {
        await page.GetByLabel($"New name of {name}", new() { Exact = true }).FillAsync(to);
        await page.GetByRole(AriaRole.Button, new() { Name = $"Rename {name}", Exact = true }).ClickAsync();
        await page.GetByLabel($"New name of {to}", new() { Exact = true }).WaitForAsync();
    }

    public async Task Leave() => await RedBar.GetByRole(AriaRole.Button, new() { Name = "Leave" }).ClickAsync();
}
