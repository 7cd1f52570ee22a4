using System.Net.Http.Json;
using EnterprisePortal.Tests.EndToEnd.Support;

[assembly: AssemblyFixture(typeof(Portal))]

namespace EnterprisePortal.Tests.EndToEnd.Support;

/// <summary>The portal that most tests share, with the demo world, and a Chromium to view it.</summary>
public sealed class Portal : IAsyncLifetime
{
    IPlaywright? playwright;
    IBrowser? chromium;

    public World World { get; } = new();
    public HostedPortal Running { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var starting = HostedPortal.Start(World, "Demo:Families=60");
        playwright = await Playwright.CreateAsync();
        chromium = await playwright.Chromium.LaunchAsync(new()
        {
            // Debian's or Google's browser; if both are missing, the one that Playwright installs.
            ExecutablePath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
                .SelectMany(folder => new[] { "chromium", "google-chrome" }, Path.Combine).FirstOrDefault(File.Exists),
            Args = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync"]
        });
        Running = await starting;
    }

    /// <summary>A person at a computer of their own, not signed in.</summary>
    public async Task<Visitor> Visitor(bool scripts = true, bool phone = false) => await Support.Visitor.With(
        await chromium!.NewContextAsync(new()
        {
            BaseURL = World.Portal.ToString(), Locale = "en-US", JavaScriptEnabled = scripts, HasTouch = phone,
            ViewportSize = phone ? new() { Width = 360, Height = 740 } : new() { Width = 1280, Height = 720 }
        }));

    /// <returns>Looking at their accounts.</returns>
    public async Task<Visitor> SignedIn(string email)
    {
        var visitor = await Visitor();
        await visitor.Page.GotoAsync($"/sign-in?provider=google&login_hint={email}&returnUrl=/accounts");
        Assert.DoesNotContain("/sign-in", visitor.Page.Url, StringComparison.Ordinal);
        return visitor;
    }

    public Task<Caller> Caller(string email, string provider = "google") => Support.Caller.SignedIn(World, email, provider);

    /// <summary>
    /// The account behaves like this until disposal: <c>down</c>, <c>hang</c>, <c>slow</c>, <c>rubbish</c>, <c>truncate</c>.
    /// </summary>
    public async Task<IAsyncDisposable> Fault(string account, string mode)
    {
        await Set(mode);
        return new AtEnd(() => Set("none"));

        async Task Set(string to)
        {
            using var http = new HttpClient { BaseAddress = World.Office };
            (await http.PutAsJsonAsync($"_faults/{account}", new { mode = to })).EnsureSuccessStatusCode();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (chromium?.CloseAsync() ?? Task.CompletedTask);
        playwright?.Dispose();
        await Running.DisposeAsync();
        await Wait.Eventually(() => World.LeftBehind().Count == 0, "Something still runs.");
        World.Dispose();
    }

    sealed class AtEnd(Func<Task> end) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await end();
    }
}
