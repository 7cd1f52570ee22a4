namespace EnterprisePortal.Tests.EndToEnd.Support;

/// <summary>A person with a browser of their own. The last screen of each of their tabs is saved in TestResults as a picture.</summary>
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

    /// <summary>Actions of a page that its own content security policy blocked.</summary>
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
                // The picture only helps to look into a failure; a tab in the background may have nothing to show.
            }
        await browser.CloseAsync();
    }
}
