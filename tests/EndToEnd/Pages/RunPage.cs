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

    /// <summary>The file behind one of the buttons: Download all (ZIP), One workbook, One CSV.</summary>
    public async Task<MemoryStream> File(string button)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = button }).ClickAsync());
        await using var content = await download.CreateReadStreamAsync();
        var file = new MemoryStream();
        await content.CopyToAsync(file);
        return file;
    }
}
