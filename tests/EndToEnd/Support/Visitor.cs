namespace EnterprisePortal.Tests.EndToEnd.Support;

/// <summary>Somebody at a browser of their own. The last screen of each of their tabs stays in TestResults as a picture.</summary>
public sealed class Visitor : IAsyncDisposable
{
    readonly IBrowserContext browser;
    readonly List<string> violations = [];

    Visitor(IBrowserContext browser, IPage page)
    {
        (this.browser, Page) = (browser, page);
        browser.Console += (_, message) =>
        {
            if (message.Type == "error" && message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
                violations.Add($"{message.Page?.Url}: {message.Text}");
        };
    }

    public static async Task<Visitor> With(IBrowserContext browser) => new(browser, await browser.NewPageAsync());

    public IPage Page { get; }

    /// <summary>What a page wanted to do and its own content security policy did not allow.</summary>
    public IReadOnlyList<string> Violations => violations;

    public async ValueTask DisposeAsync()
    {
        var test = TestContext.Current.TestCase?.TestMethodName ?? "setup";
        foreach (var (number, page) in browser.Pages.Index())
            try
            {
                await page.ScreenshotAsync(new() { Path = Path.Combine(World.TestResults, $"{test}.{number + 1}.png"), Timeout = 10_000 });
            }
            catch (Exception e) when (e is PlaywrightException or TimeoutException)
            {
                // A picture for whoever looks into it; a tab in the background may have nothing to show.
            }
        await browser.CloseAsync();
    }
}
