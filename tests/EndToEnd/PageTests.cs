using System.Text.RegularExpressions;
using EnterprisePortal.Tests.EndToEnd.Pages;
using EnterprisePortal.Tests.EndToEnd.Support;

namespace EnterprisePortal.Tests.EndToEnd;

/// <summary>Every page that can be reached by links, and those that only show when something is missing or wrong.</summary>
public sealed partial class PageTests(Portal portal)
{
    [Fact]
    public async Task Every_page_of_the_portal_is_accessible_and_keeps_its_own_security_policy()
    {
        await using var rosa = await portal.SignedIn("root-admin@bluedolphin.example");

        await Check(rosa, portal.World.Portal, "", "accounts?q=nothing-like-it", "accounts/bluedolphin-austin?ask=suspend",
            "accounts/bluedolphin-austin?ask=remove", "accounts/bluedolphin-austin?tab=settings", "accounts/bluedolphin-austin?tab=danger",
            "accounts/no-such-account",
            "family-search?name=sm", "family-search?name=zzzzzz", "family-search?name=a", "family-search?name=grase+holloway",
            "family-search?phone=5125550102",
            "validation/levels?slip=Shrimps", "validation/programs?name=Adult+Swim",
            "audit-log?action=nothing-like-it", "no-such-page", "open/no-such-account", "open/bluedolphin-austin?to=/elsewhere");
    }

    [Fact]
    public async Task The_reference_of_every_services_api_opens()
    {
        await using var rosa = await portal.SignedIn("root-admin@bluedolphin.example");

        // Drawn by Scalar: its colours are not ours, what it is allowed to do is.
        await rosa.Page.GotoAsync("/docs", new() { WaitUntil = WaitUntilState.NetworkIdle });
        var documents = Documents().Matches(await (await rosa.Page.APIRequest.GetAsync("/docs")).TextAsync())
            .Select(address => $"/{address}").Distinct().ToList();

        Assert.Contains("/docs/search.json", documents);
        foreach (var document in documents)
            Assert.Equal((document, 200), (document, (await rosa.Page.APIRequest.GetAsync(document)).Status));
        Assert.Empty(rosa.Violations);
    }

    [Fact]
    public async Task So_is_every_page_before_and_after_a_session()
    {
        await using var visitor = await portal.Visitor();

        await Check(visitor, portal.World.Portal, "sign-in", "sign-in?returnUrl=//evil.example", "sign-in/refused?reason=suspended",
            "signed-out");
        await visitor.Page.GotoAsync("/sign-in?provider=google");
        Assert.Equal("", string.Join('\n', await visitor.Page.Faults()));
    }

    [Fact]
    public async Task So_is_every_page_of_an_account_under_the_red_bar()
    {
        await using var wanda = await portal.SignedIn("west-user@bluedolphin.example");
        // No other test makes this account fail: its pages would hang as well.
        var austin = await new AccountsPage(wanda.Page).Enter("Blue Dolphin Austin");

        await austin.Tab.GotoAsync($"{portal.World.Office}bluedolphin-austin/reports/fin-2");
        await austin.Tab.GetByRole(AriaRole.Button, new() { Name = "Generate" }).ClickAsync();
        await austin.Tab.WaitForURLAsync("**/background-tasks/*");
        await Wait.Eventually(async () =>
        {
            await austin.Tab.ReloadAsync();
            return await austin.Tab.Locator(".wide").CountAsync() > 0;
        }, "The report was not made.");
        await austin.Tab.SetViewportSizeAsync(1280, 900);
        Assert.Equal(0, await austin.Tab.Locator(".wide").EvaluateAsync<int>("report => report.scrollWidth - report.clientWidth"));

        await Check(wanda, new(portal.World.Office, "bluedolphin-austin/"), "", "families?name=zzzzzz", "families?name=a&phone=1",
            "no-such-page",
            "enterprise/sign-in?iss=https://evil.example/");
        await austin.Tab.CloseAsync();
    }

    [Fact]
    public async Task So_is_every_page_of_an_account_for_its_own_staff()
    {
        await using var instructor = await portal.Visitor();
        await Check(instructor, new(portal.World.Office, "bluedolphin-charlotte/"), "sign-in");
        await instructor.Page.SetViewportSizeAsync(1280, 900);
        await instructor.Page.SignInDirectly(portal.World.Office, "bluedolphin-charlotte", "instructor");

        // What an instructor may not open is a page as well.
        await Check(instructor, new(portal.World.Office, "bluedolphin-charlotte/"), "", "staff", "audit-log", "settings/enterprise-portal");
    }

    [Fact]
    public async Task A_planted_fault_is_found_so_that_finding_none_means_something()
    {
        await using var visitor = await portal.Visitor();
        await visitor.Page.GotoAsync("/sign-in");

        await visitor.Page.EvaluateAsync(
            "() => { document.querySelector('h1').setAttribute('style', 'color: red'); "
            + "document.querySelector('main').append(document.createElement('button')); }");

        Assert.Contains(await visitor.Page.Faults(), fault => fault.Contains("button-name", StringComparison.Ordinal));
        await Wait.Eventually(() => visitor.Violations.Count > 0, "The content security policy let a style in.");
    }

    /// <summary>The pages named, and every other kind of page that they link to.</summary>
    static async Task Check(Visitor visitor, Uri home, params string[] addresses)
    {
        var faults = new List<string>();
        var seen = new HashSet<string>();
        var ahead = new Queue<Uri>(addresses.Select(address => new Uri(home, address)));
        seen.UnionWith(ahead.Where(address => address.Query == "").Select(Kind));
        while (ahead.TryDequeue(out var address))
        {
            await visitor.Page.SetViewportSizeAsync(1280, 900);
            await visitor.Page.GotoAsync(address.ToString(), new() { WaitUntil = WaitUntilState.Load });
            // A link in a picture has no text as its href.
            foreach (var link in await visitor.Page.EvaluateAsync<string[]>(
                """
                () => [...document.querySelectorAll('a[href]:not([download])')]
                  .map(a => new URL(a.getAttribute('href'), document.baseURI).href)
                """))
                if (Uri.TryCreate(link, UriKind.Absolute, out var next) && home.IsBaseOf(next) && !IsAway(next) && seen.Add(Kind(next)))
                    ahead.Enqueue(next);
            faults.AddRange(await visitor.Page.Faults());
        }
        faults.AddRange(visitor.Violations);
        TestContext.Current.TestOutputHelper?.WriteLine($"{seen.Count} kinds of pages: {string.Join(' ', seen.Order())}");
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    // Keys lead into accounts, files are no pages, and the reference is tested above.
    static bool IsAway(Uri address) => Away().IsMatch(address.AbsolutePath);

    // /bluedolphin-austin/families/17 and /bluedolphin-austin/families/18 are one kind of page, however sorted or filtered.
    static string Kind(Uri address) => Ids().Replace(address.AbsolutePath.TrimEnd('/'), "/*");

    [GeneratedRegex("^/open/|^/docs|/file|/download/|[.](csv|xlsx|zip)$")]
    private static partial Regex Away();

    [GeneratedRegex("docs/[a-z]+\\.json")]
    private static partial Regex Documents();

    [GeneratedRegex("/([^/]*[0-9@%][^/]*)(?=/|$)|(?<=^/accounts)/[^/]+")]
    private static partial Regex Ids();
}
