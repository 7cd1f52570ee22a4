using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Gateway;

public class SyncPageTests(GatewayService gateway) : IClassFixture<GatewayService>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sync_is_followed_until_every_account_is_read_and_what_failed_is_named()
    {
        var looks = 0;
        var reading = new[] { State("bluedolphin-austin", running: true), State("bluedolphin-denver", waiting: true) };
        var read = new[] { State("bluedolphin-austin"), State("bluedolphin-denver", problem: "The account did not answer.") };
        gateway.Outbound.Answer("sync", _ => new(HttpStatusCode.OK)
        {
            Content = JsonContent.Create(new { items = Interlocked.Increment(ref looks) < 3 ? reading : read, next = (string?)null })
        });
        var since = Uri.EscapeDataString(gateway.Clock.GetUtcNow().AddMinutes(-1).ToString("o"));
        var browser = gateway.Browser(await gateway.SignIn(Demo.RootUser));

        var page = await browser.GetStringAsync($"/sync?since={since}&of=2", Cancel);
        var told = await browser.GetStringAsync($"/sync/live?since={since}&of=2", Cancel);

        Assert.Contains("data-live=\"/sync/live?since=", page);
        Assert.Contains("Reading now", page);
        Assert.Contains("1 of 2 read; 1 could not be", told);
        Assert.Contains("The account did not answer.", told);
        Assert.EndsWith("event: end\ndata: \n\n", told);
        // Over, it is not followed any more.
        Assert.DoesNotContain("data-live=", await browser.GetStringAsync("/sync", Cancel));
    }

    [Fact]
    public async Task What_the_change_feed_had_lost_is_named()
    {
        gateway.Outbound.Answer("sync", _ => new(HttpStatusCode.OK)
        {
            Content = JsonContent.Create(new { items = new[] { State("bluedolphin-austin", drift: 3) }, next = (string?)null })
        });

        var page = await gateway.Browser(await gateway.SignIn(Demo.EastUser)).GetStringAsync("/sync", Cancel);

        Assert.Contains("Change feed lost 3", page);
        Assert.Contains("In the account: 17, 18", page);
    }

    [Fact]
    public async Task The_last_fourteen_days_are_a_strip_that_says_the_same_in_words()
    {
        await gateway.Given(Demo.BlueDolphin);
        gateway.Outbound.Answer("sync", _ => new(HttpStatusCode.OK)
        {
            Content = JsonContent.Create(new
            {
                items = new[] { State("bluedolphin-austin"), State("bluedolphin-denver", problem: "The account did not answer.") },
                next = (string?)null
            })
        });
        var browser = gateway.Browser(await gateway.SignIn(Demo.RootUser));

        var (all, failing) = (await browser.GetStringAsync("/sync", Cancel), await browser.GetStringAsync("/sync?only=failing", Cancel));

        const string day = @"[A-Z][a-z]+ \d+";
        Assert.Matches(
            $"Last 14 days: read on 2; at a later attempt on {day}; failed on {day}; no reading recorded on 11\\.", all);
        Assert.Contains("path class=\"bad\"", all);
        Assert.Contains("bluedolphin-austin", all);
        Assert.Contains("+1 −3, 2 changed", WebUtility.HtmlDecode(all));
        Assert.DoesNotContain("bluedolphin-austin", failing);
        Assert.Contains("bluedolphin-denver", failing);
    }

    [Fact]
    public async Task Many_accounts_are_found_by_name_sorted_by_any_column_and_paged()
    {
        gateway.Outbound.Answer("sync", _ => new(HttpStatusCode.OK)
        {
            Content = JsonContent.Create(new
            {
                items = Enumerable.Range(100, 120)
                    .Select(number => State($"account-{number}", waiting: number == 219, problem: number == 150 ? "Down." : null)),
                next = (string?)null
            })
        });
        var browser = gateway.Browser(await gateway.SignIn(Demo.RootUser));

        Assert.Equal(("account-100", "account-149", "1–50 of 120"), Shown(await Page("/sync")));
        Assert.Equal(("account-169", "account-120", "51–100 of 120"), Shown(await Page("/sync?sort=-account&page=2")));
        Assert.Equal("account-150", Shown(await Page("/sync?sort=state")).First);
        Assert.Equal(("account-117", "account-117", ""), Shown(await Page("/sync?q=ACCOUNT+117")));
        Assert.Contains("No account matches.", await Page("/sync?q=nobody"));
        // Also while it is followed, whose links lead to the page around it.
        var live = await Page("/sync/live?sort=-account&page=2", 1);
        Assert.Equal(("account-169", "account-120", "51–100 of 120"), Shown(live));
        Assert.Contains("/sync?sort=took\"", live);

        async Task<string> Page(string address, int events = 0)
        {
            if (events == 0)
                return WebUtility.HtmlDecode(await browser.GetStringAsync(address, Cancel));
            using var answer = await browser.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, Cancel);
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancel));
            var text = "";
            while (await lines.ReadLineAsync(Cancel) is { Length: > 0 } line)
                text += line;
            return WebUtility.HtmlDecode(text);
        }

        static (string First, string Last, string Pages) Shown(string page)
        {
            var names = System.Text.RegularExpressions.Regex.Matches(page, "<span class=\"name\">([^<]*)</span>");
            return (names[0].Groups[1].Value, names[^1].Groups[1].Value,
                System.Text.RegularExpressions.Regex.Match(page, @"\d+–\d+ of \d+").Value);
        }
    }

    object[] Days() =>
    [
        .. new[] { (3, 1, 0), (2, 0, 4), (1, 1, 2) }.Select(day => new
        {
            day = gateway.Clock.GetUtcNow().AddDays(-day.Item1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            good = day.Item2, failed = day.Item3, families = 300, problem = (string?)null
        })
    ];

    object State(string account, bool running = false, bool waiting = false, string? problem = null, int? drift = null) => new
    {
        account, lastSync = running || waiting || problem is not null ? gateway.Clock.GetUtcNow().AddDays(-1) : gateway.Clock.GetUtcNow(),
        ageSeconds = 1, families = 300, added = 1, changed = 2, removed = 3, problem,
        next = gateway.Clock.GetUtcNow().AddHours(4), running, seconds = 1.5, waiting, applying = false, followed = true, drift,
        driftExamples = drift is null ? [] : new[] { "17", "18" }, days = Days()
    };
}
