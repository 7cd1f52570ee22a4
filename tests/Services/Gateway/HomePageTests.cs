using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Gateway;

public class HomePageTests : IClassFixture<GatewayService>
{
    readonly GatewayService gateway;

    public HomePageTests(GatewayService gateway)
    {
        this.gateway = gateway;
        gateway.Outbound.Answer("accounts", request => request.RequestUri!.AbsolutePath is "/api/accounts"
            ? List(Account("bluedolphin-austin", favourite: true), Account("bluedolphin-fresno", problem: "missing"))
            : Json(Account(request.RequestUri.Segments[^1])));
        gateway.Outbound.Answer("sync", _ => List(State("bluedolphin-austin"), State("bluedolphin-denver", "The account did not answer.")));
        gateway.Outbound.Answer("audit", request => List(
            request.RequestUri!.Query.Contains("action=account.entered", StringComparison.Ordinal)
                ? [Entered("bluedolphin-tucson"), Entered("bluedolphin-boston"), Entered("bluedolphin-tucson")] : []));
        gateway.Outbound.Answer("reports", request => request.RequestUri!.AbsolutePath.EndsWith("/schedules", StringComparison.Ordinal)
            ? List(Schedule("Bank Deposit", inHours: 5), Schedule("Drop List", inHours: 50)) : List(Run("failed"), Run("ready")));
        gateway.Outbound.Answer("search", request =>
            Json(Names(request.RequestUri!.AbsolutePath.EndsWith("/levels", StringComparison.Ordinal) ? 2 : 0)));
        gateway.Outbound.Answer("identity", async (request, cancel) =>
            request.RequestUri!.PathAndQuery.StartsWith("/api/users?signedIn=true", StringComparison.Ordinal)
                ? List(User("Rosa")) : await gateway.Identity(request, cancel));
        foreach (var replica in GatewayService.PermissionsReplicas)
            gateway.Outbound.Answer(replica, _ => Json(new
            {
                group = new { id = Demo.BlueDolphinId, name = "Blue Dolphin" }, permissions = Array.Empty<object>(),
                accounts = new[]
                {
                    new { account = "bluedolphin-tampa", accountName = "Tampa", state = "failing", since = (DateTimeOffset?)null,
                        problem = "It refused." }
                }
            }));
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_Admin_sees_what_needs_attention_and_who_is_signed_in()
    {
        var home = await Home(Demo.RootAdmin);

        Assert.Equal(["1 Accounts that cannot be entered", "1 Syncs that failed or are old", "1 Accounts that wait for restrictions",
            "1 Reports that failed lately", "2 Likely slips of names"], Figures(home));
        Assert.Contains("The account did not answer.", home);
        Assert.Contains("It refused.", home);
        Assert.Contains("1 of 1 account failed", home);
        Assert.Contains("<a href=\"/users?signedIn=true\">1 person is signed in</a>", home);
        Assert.Contains("1 schedule in the next 24 hours", home);
        Assert.DoesNotContain("Drop List", home);
    }

    [Fact]
    public async Task A_User_sees_their_favorites_and_recent_accounts_but_nothing_of_an_Admins()
    {
        await gateway.Given(Demo.BlueDolphin);

        var home = await Home(Demo.WestUser);

        Assert.Equal(4, Figures(home).Length);
        Assert.DoesNotContain("restrictions", home);
        Assert.DoesNotContain("/users", home);
        Assert.Contains("id=\"favorite-bluedolphin-austin\"", home);
        Assert.Single(Regex.Matches(home, "id=\"recent-bluedolphin-tucson\""));
        // It has left West's reach, or never was in it.
        Assert.DoesNotContain("bluedolphin-boston", home);
    }

    [Fact]
    public async Task A_service_that_is_down_says_so_in_its_place_and_the_rest_is_there()
    {
        gateway.Outbound.Answer("sync", _ => throw new HttpRequestException("The connection broke."));

        var home = await Home(Demo.RootUser);

        Assert.Contains("Sync is not answering right now.", home);
        Assert.Equal(3, Figures(home).Length);
    }

    [Fact]
    public async Task A_service_that_is_slow_holds_up_nothing_but_its_own_part()
    {
        var slow = new TaskCompletionSource();
        gateway.Outbound.Answer("search", async (_, cancel) =>
        {
            await slow.Task.WaitAsync(cancel);
            return Json(Names(2));
        });
        var browser = gateway.Browser(await gateway.SignIn(Demo.RootUser));

        var home = await browser.GetStringAsync("/", Cancel);
        slow.SetResult();

        Assert.Equal(3, Figures(home).Length);
        Assert.Contains("data-part=\"/home/slips\"", home);
        Assert.Equal(["6 Likely slips of names"], Figures(await browser.GetStringAsync("/home/slips", Cancel)));
    }

    [Theory]
    [InlineData("people", HttpStatusCode.Forbidden)]
    [InlineData("restrictions", HttpStatusCode.Forbidden)]
    [InlineData("nothing", HttpStatusCode.NotFound)]
    public async Task A_part_alone_is_for_those_who_see_it_on_the_page(string part, HttpStatusCode refusal)
    {
        var browser = gateway.Browser(await gateway.SignIn(Demo.EastUser));

        Assert.Equal(refusal, (await browser.GetAsync($"/home/{part}", Cancel)).StatusCode);
    }

    async Task<string> Home(Person person) => await gateway.Browser(await gateway.SignIn(person)).GetStringAsync("/", Cancel);

    /// <summary><c>2 Likely slips of names</c></summary>
    static string[] Figures(string home) =>
    [
        .. Regex.Matches(home, "<b class=\"(?:good|bad)\">([0-9]+)</b> ([^<]+)</a>")
            .Select(figure => $"{figure.Groups[1]} {figure.Groups[2]}")
    ];

    static HttpResponseMessage Json(object value) => new(HttpStatusCode.OK) { Content = JsonContent.Create(value) };

    static HttpResponseMessage List(params object[] items) => Json(new { items, next = (string?)null });

    static object Account(string code, bool favourite = false, string? problem = null) => new
    {
        code, name = code, owner = "Dana", contact = new { name = "Dana", email = "dana@example.com", phone = "+15125550190" },
        locations = new[] { new { name = "Main", city = "Austin", state = "TX" } }, groups = Array.Empty<object>(), status = "active",
        timeZone = "America/Chicago", country = "US", baseUrl = "http://office.example",
        entry = new { @as = "portal@bluedolphin.example", ok = problem is null, problem }, lastSync = (DateTimeOffset?)null, favourite
    };

    object State(string account, string? problem = null) => new
    {
        account, lastSync = gateway.Clock.GetUtcNow(), ageSeconds = 1, problem, next = gateway.Clock.GetUtcNow().AddHours(4),
        running = false, waiting = false, applying = false, followed = true, driftExamples = Array.Empty<string>()
    };

    object Entered(string account) => new
    {
        id = Guid.CreateVersion7(), at = gateway.Clock.GetUtcNow(), person = "Rosa", personId = (Guid?)null,
        personEmail = "rosa@example.com", level = "admin", group = "", groupId = Guid.Empty, action = "account.entered", subject = account,
        account, source = "Accounts"
    };

    object Schedule(string report, int inHours) => new
    {
        id = Guid.CreateVersion7(), report = "FIN-2", reportName = report, every = "week", day = 1, covers = "last-week",
        timeZone = "UTC", parameters = new { }, group = new { id = Guid.Empty, name = "West" }, by = "Rita", byLevel = "user",
        mayChange = true, paused = false,
        nextRun = gateway.Clock.GetUtcNow().AddHours(inHours)
    };

    object Run(string account) => new
    {
        id = Guid.CreateVersion7(), report = "FIN-2", reportName = "Bank Deposit",
        parameters = new { from = "2026-10-01", to = "2026-10-31" }, state = "finished", by = "Rita", byLevel = "user",
        group = new { id = Guid.Empty, name = "West" }, createdAt = gateway.Clock.GetUtcNow(), warnings = Array.Empty<object>(),
        accounts = new[]
        {
            new { account = "bluedolphin-austin", accountName = "Austin", state = account, changedAt = gateway.Clock.GetUtcNow() }
        }
    };

    static object Names(int slips) => new
    {
        names = Array.Empty<object>(), dismissed = Array.Empty<object>(),
        groups = Enumerable.Repeat(
            new { probably = "Penguin", accounts = 7, names = new[] { new { name = "Pengiun", accounts = 1, why = "" } } }, slips)
    };

    static object User(string name) => new
    {
        id = Guid.CreateVersion7(), email = "rosa@bluedolphin.example", name, level = "admin",
        group = new { id = Guid.Empty, name = "Blue Dolphin" }, status = "active", staffEmail = (string?)null,
        lastSignIn = (DateTimeOffset?)null
    };
}
