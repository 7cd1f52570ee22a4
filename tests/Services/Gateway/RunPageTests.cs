using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using EnterprisePortal.Contracts.Identity;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Gateway;

public class RunPageTests : IClassFixture<GatewayService>
{
    static readonly Guid Run = Guid.Parse("0199aaaa-0000-7000-8000-000000000001");
    readonly GatewayService gateway;
    readonly Pipe events = new();

    public RunPageTests(GatewayService gateway)
    {
        this.gateway = gateway;
        state = State("running", "running");
        figures = Figures(2469m);
        gateway.Outbound.Answer("reports", request => request.RequestUri!.AbsolutePath switch
        {
            var path when path.EndsWith("/events", StringComparison.Ordinal) =>
                new(HttpStatusCode.OK) { Content = new StreamContent(events.Reader.AsStream()) },
            var path when path.EndsWith("/combined.csv", StringComparison.Ordinal) => new(HttpStatusCode.Conflict)
            {
                Content = JsonContent.Create(new { detail = "No account of this run has a report that you may open." },
                    new System.Net.Http.Headers.MediaTypeHeaderValue("application/problem+json"))
            },
            var path when path.EndsWith("/totals", StringComparison.Ordinal) => Told(new
            {
                items = new[] { new { run = Run, name = "Deposits", column = "Amount", currency = "USD", total = 1234.5m, missing = 1 } },
                next = (string?)null
            }),
            var path when path.EndsWith("/figures", StringComparison.Ordinal) => Told(figures),
            var path when path.EndsWith("/rows", StringComparison.Ordinal) => Told(new
            {
                columns = new[] { new { name = "Family", kind = "text" }, new { name = "Amount", kind = "money" } },
                rows = new[] { new { account = "bluedolphin-austin", accountName = "Austin", fields = new[] { "Smith", "-0.02" } } },
                offset = 50, total = 51, shown = 51, maySort = true, missing = Array.Empty<object>()
            }),
            var path when path.EndsWith("/runs", StringComparison.Ordinal) => new(HttpStatusCode.OK)
            {
                Content = JsonContent.Create(new { items = new[] { state }, next = (string?)null })
            },
            _ => Told(state)
        });
    }

    object state = null!, figures = null!;

    static HttpResponseMessage Told(object told) => new(HttpStatusCode.OK) { Content = JsonContent.Create(told) };

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_is_followed_without_reloading_until_it_is_over()
    {
        var browser = gateway.Browser(await gateway.SignIn(Demo.RootUser));
        Assert.Contains($"data-live=\"/generated-reports/{Run}/live\"", await browser.GetStringAsync($"/generated-reports/{Run}", Cancel));

        await Tell(State("running", "running"));
        await Tell(State("running", "running"));
        await Tell(State("finished", "ready"));

        var told = await browser.GetStringAsync($"/generated-reports/{Run}/live", Cancel);
        Assert.Contains("1 of 1 ready", told);
        Assert.Contains("/open/bluedolphin-austin?to=/background-tasks/7", told);
        Assert.EndsWith("event: end\ndata: \n\n", told);
    }

    [Fact]
    public async Task A_name_that_no_account_knows_is_said_on_the_runs_page_and_drops_are_counted_apart()
    {
        var drops = JsonSerializer.SerializeToNode(State("finished", "ready"), JsonSerializerOptions.Web)!;
        drops["report"] = "CLA-5";
        drops["warnings"] = new JsonArray(
            new JsonObject { ["field"] = "program", ["words"] = "No account of this run has the program Swimm." });
        drops["accounts"]![0]!["sections"] = new JsonObject { ["Transfers"] = 18, ["Drops"] = 25 };
        await Tell(drops);

        var told = await gateway.Browser(await gateway.SignIn(Demo.RootUser)).GetStringAsync($"/generated-reports/{Run}/live", Cancel);

        Assert.Contains("No account of this run has the program Swimm.", told);
        Assert.Contains("Drops: 25, Transfers: 18", told);
    }

    [Fact]
    public async Task The_list_is_followed_too_and_the_run_that_is_open_stays_open()
    {
        var browser = gateway.Browser(await gateway.SignIn(Demo.RootUser));
        Assert.Contains($"data-live=\"/generated-reports/live?report=FIN-2&amp;open={Run}\"",
            await browser.GetStringAsync($"/generated-reports?report=FIN-2&open={Run}", Cancel));

        await Tell(new { items = new[] { State("finished", "ready") }, next = (string?)null });

        var told = await browser.GetStringAsync($"/generated-reports/live?report=FIN-2&open={Run}", Cancel);
        Assert.Contains("aria-expanded=\"true\"", told);
        Assert.Contains("/open/bluedolphin-austin?to=/background-tasks/7", told);
        Assert.EndsWith("event: end\ndata: \n\n", told);
    }

    [Fact]
    public async Task A_run_says_what_it_comes_to_and_which_account_that_lacks()
    {
        state = State("finished", "ready");

        var page = await Page($"/generated-reports/{Run}");

        Assert.Contains("$2,469.00", page);
        Assert.Contains("+100 % against", page);
        Assert.Contains("September 2026", page);
        Assert.Contains("The total lacks Denver (not permitted).", page);
        Assert.Contains("<rect class=\"value\" width=\"100\"", page);
        Assert.Contains("$1,234.50", await Page("/generated-reports"));
        Assert.Contains("Deposits, without 1 account", await Page("/generated-reports?report=FIN-2"));
    }

    [Fact]
    public async Task Without_a_total_the_page_says_why()
    {
        state = State("finished", "ready");
        figures = Figures(null);

        Assert.Contains("These accounts have different currencies, so there is no total.", await Page($"/generated-reports/{Run}"));
    }

    [Fact]
    public async Task The_table_of_a_run_is_sorted_and_paged_by_its_address()
    {
        var page = await Page($"/generated-reports/{Run}/table?sort=Amount&from=50");

        Assert.Contains("Rows 51 to 51 of 51", page);
        Assert.Contains("−0.02", page);
        Assert.Contains("aria-sort=\"ascending\"", page);
        Assert.Contains($"href=\"/generated-reports/{Run}/table?sort=-Amount\"", page);
        Assert.Contains($"href=\"/generated-reports/{Run}/table?sort=Amount\">Before", page);
    }

    [Fact]
    public async Task A_run_that_is_not_on_the_page_opens_on_its_own()
    {
        var older = Guid.Parse("0199aaaa-0000-7000-8000-000000000002");

        var answer = await gateway.Browser(await gateway.SignIn(Demo.RootUser)).GetAsync($"/generated-reports?open={older}", Cancel);

        Assert.Equal((HttpStatusCode.Redirect, $"/generated-reports/{older}"), (answer.StatusCode, answer.Headers.Location?.AbsolutePath));
    }

    [Fact]
    public async Task What_is_followed_falls_silent_when_the_session_is_revoked()
    {
        var browser = gateway.Browser(await gateway.SignIn(Demo.WestUser));
        await Tell(State("running", "running"));
        using var following = await browser.GetAsync($"/generated-reports/{Run}/live", HttpCompletionOption.ResponseHeadersRead, Cancel);
        var told = following.Content.ReadAsStringAsync(Cancel);

        await gateway.Bus.Publish(new SessionsRevoked(
            Demo.WestUser.Id, [Demo.WestUser.Session], "Your account was suspended by an Admin.", gateway.Clock.GetUtcNow()));

        Assert.DoesNotContain("event: end", await told.WaitAsync(Wait.Limit, Cancel));
    }

    [Fact]
    public async Task A_download_that_is_refused_is_a_page_with_the_reason()
    {
        var answer = await gateway.Browser(await gateway.SignIn(Demo.RootUser))
            .GetAsync($"/generated-reports/{Run}/download/combined.csv", Cancel);

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("No account of this run has a report that you may open.", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData("{0}/cancel")]
    [InlineData("{0}/retry")]
    [InlineData("schedules/{0}/pause")]
    [InlineData("schedules/{0}/run")]
    [InlineData("schedules/{0}/delete")]
    public async Task Nothing_is_done_for_a_form_of_another_site(string button)
    {
        using var form = new FormUrlEncodedContent([]);
        var answer = await gateway.Browser(await gateway.SignIn(Demo.RootUser))
            .PostAsync("/generated-reports/" + string.Format(null, button, Run), form, Cancel);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Permissions_are_for_Admins()
    {
        var browser = gateway.Browser(await gateway.SignIn(Demo.EastUser));

        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/permissions", Cancel)).StatusCode);
        Assert.DoesNotContain("href=\"/permissions\"", await browser.GetStringAsync($"/generated-reports/{Run}", Cancel));
    }

    async Task<string> Page(string address) => WebUtility.HtmlDecode(
        await gateway.Browser(await gateway.SignIn(Demo.RootUser)).GetStringAsync(address, Cancel));

    static object Figures(decimal? total) => new
    {
        run = Run, name = "Deposits", column = "Amount", currency = "USD", total, rows = 3,
        accounts = new[]
        {
            new { account = "bluedolphin-austin", accountName = "Austin", value = 2469m, rows = 3, currency = "USD", before = 1234.5m }
        },
        missing = new[] { new { account = "bluedolphin-denver", accountName = "Denver", why = "not permitted" } },
        before = new { run = Run, parameters = new { from = "2026-09-01", to = "2026-09-30" }, total = 1234.5m }
    };

    async Task Tell(object state) =>
        await events.Writer.WriteAsync(
            System.Text.Encoding.UTF8.GetBytes($"event: run\ndata: {JsonSerializer.Serialize(state, JsonSerializerOptions.Web)}\n\n"),
            Cancel);

    object State(string state, string account) => new
    {
        id = Run, report = "FIN-2", reportName = "Bank Deposit", parameters = new { from = "2026-10-01", to = "2026-10-31" }, state,
        by = "Rita", byLevel = "user", group = new { id = Guid.Empty, name = "Blue Dolphin" },
        createdAt = gateway.Clock.GetUtcNow(), finishedAt = (DateTimeOffset?)null,
        accounts = new[]
        {
            new
            {
                account = "bluedolphin-austin",
                accountName = "Austin",
                state = account,
                problem = (string?)null,
                rows = 3,
                openUrl = account == "ready" ? "/open/bluedolphin-austin?to=/background-tasks/7" : null,
                changedAt = gateway.Clock.GetUtcNow()
            }
        }
    };
}
