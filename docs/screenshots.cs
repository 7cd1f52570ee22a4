#:package Microsoft.Playwright
#:property RestorePackagesWithLockFile=false
#:property PublishAot=false
// Takes the pictures in docs/screenshots from a portal that is running:
//   ./run.sh                            in one terminal
//   dotnet run docs/screenshots.cs      in another; or with the portal's address: … -- http://localhost:8080
using System.Runtime.CompilerServices;
using Microsoft.Playwright;

var portal = args is [var address, ..] ? address : "http://localhost:8080";
string[] programs = ["/usr/bin/chromium", "/usr/bin/google-chrome", "/usr/bin/chromium-browser"];
(string Name, string Path)[] pages =
[
    ("home", "/"),
    ("accounts", "/accounts"),
    ("family-search", "/family-search?name=smith"),
    ("phone-link", "/phone-search-link/+1 (512) 555-0102/"),
    ("reports", "/generated-reports"),
    ("permissions", "/permissions"),
    ("validation", "/validation"),
    ("sync", "/sync"),
    ("audit-log", "/audit-log"),
    ("account", "/accounts/bluedolphin-austin")
];

using var playwright = await Playwright.CreateAsync();
await using var chromium = await playwright.Chromium.LaunchAsync(new()
{
    ExecutablePath = programs.FirstOrDefault(File.Exists) ?? throw new FileNotFoundException("Chromium is not installed."),
    Args = ["--no-sandbox"]
});
var page = await chromium.NewPageAsync(new()
{
    BaseURL = portal, ViewportSize = new() { Width = 1280, Height = 800 }, ColorScheme = ColorScheme.Light, Locale = "en-US",
    TimezoneId = "America/Chicago", ReducedMotion = ReducedMotion.Reduce
});
await page.GotoAsync("/sign-in?provider=google&login_hint=root-admin@bluedolphin.example");

await Run("FIN-2");
foreach (var (name, path) in pages)
{
    await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Load });
    await Take(name);
}

// A run that has finished, so that its totals are there to see.
async Task Run(string report)
{
    await page.GotoAsync($"/generated-reports/new?report={report}");
    await page.GetByRole(AriaRole.Button, new() { Name = $"Run {report}" }).ClickAsync();
    await page.Locator("progress").WaitForAsync(new() { State = WaitForSelectorState.Detached, Timeout = 60_000 });
    await page.Locator("#run-total").WaitForAsync();
    await Take("run");
}

async Task Take(string name)
{
    await page.ScreenshotAsync(new() { Path = Path.Combine(Folder(), $"{name}.png"), Animations = ScreenshotAnimations.Disabled });
    Console.WriteLine($"{name}.png");
}

static string Folder([CallerFilePath] string script = "") => Path.Combine(Path.GetDirectoryName(script)!, "screenshots");
