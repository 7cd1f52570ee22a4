namespace EnterprisePortal.Tests.EndToEnd.Pages;

/// <summary>One run among the Generated Reports.</summary>
public sealed class RunPage(IPage page)
{
    public IPage Tab => page;

    public ILocator Progress => page.GetByRole(AriaRole.Progressbar);

    public ILocator Outcome => page.Locator("#run-outcome");

    public ILocator Accounts => page.GetByRole(AriaRole.Table).Locator("tbody tr");

    /// <summary>The account opens in a new tab, with the report.</summary>
    public async Task<OfficePage> Download(string account) =>
        new(await page.Context.RunAndWaitForPageAsync(
            () => page.GetByRole(AriaRole.Link, new() { Name = $"Download from {account}" }).ClickAsync()));

    /// <summary>What the run comes to: <c>$1,234.50</c>.</summary>
    public ILocator Total => page.Locator("#run-total");

    /// <summary>The file behind one of the buttons: Download workbook, or among the other forms Download all (ZIP), One CSV.</summary>
    public async Task<MemoryStream> File(string button)
    {
        if (button != "Download workbook" && await page.Locator("details.menu[open]").CountAsync() == 0)
            await page.GetByText("Other forms").ClickAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = button }).ClickAsync());
        await using var content = await download.CreateReadStreamAsync();
        var file = new MemoryStream();
        await content.CopyToAsync(file);
        return file;
    }
}
