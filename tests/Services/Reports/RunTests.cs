using System.Net;
using System.Net.Http.Json;
using System.Text;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Contracts.Identity;
using EnterprisePortal.Contracts.Reports;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Tests.Support;
using static EnterprisePortal.Tests.Support.Demo;

namespace EnterprisePortal.Tests.Reports;

public class RunTests(ReportsService service) : IClassFixture<ReportsService>, IAsyncLifetime
{
    Offices offices = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => offices = await service.WithOffices();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    [Fact]
    public async Task A_token_that_an_account_got_for_a_person_starts_runs_and_opens_nothing_else()
    {
        var account = service.Bearing(TestIdentity.Token(
        [
            new("sub", $"{EastUser.Id}"), new("name", EastUser.Name), new("email", EastUser.Email), new("level", EastUser.Level),
            new("group", $"{EastUser.GroupId}"),
            new("sid", EastUser.Session), new("scope", "openid account runs:start")
        ], audiences: ["reports"]));

        using var started = await account.PostAsJsonAsync(
            "/api/reports/runs", new { report = "FIN-2", parameters = new { from = "2026-10-01", to = "2026-10-31" } }, Cancel);

        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        foreach (var address in new[] { "/api/reports/runs", started.Headers.Location!.ToString() })
            Assert.Equal(HttpStatusCode.Unauthorized, (await account.GetAsync(address, Cancel)).StatusCode);
    }

    [Fact]
    public async Task Runs_are_sorted_by_report_state_requester_or_start_and_any_page_of_them_opens()
    {
        foreach (var (person, report) in new[] { (EastUser, "FIN-2"), (EastAdmin, "CLA-5"), (EastUser, "CLA-9") })
            await service.Finished(person, await service.Start(person, report));
        var newest = await service.Runs(EastAdmin);

        foreach (var (sort, key) in new (string, Func<RunItem, string>)[] { ("report", run => run.Report), ("by", run => run.By) })
        {
            var sorted = await service.Runs(EastAdmin, $"sort={sort}");
            Assert.Equal(sorted.Select(key).Order(StringComparer.Ordinal), sorted.Select(key));
            Assert.Equal(newest.Count, sorted.Count);
        }
        var oldest = await service.Runs(EastAdmin, "sort=started");
        Assert.Equal(newest.Reverse().Select(run => run.Id), oldest.Select(run => run.Id));
        var byState = await service.Runs(EastAdmin, "sort=-state");
        var failed = byState.Select(run => run.Accounts.Any(account => account.State == "failed")).ToList();
        Assert.Equal(failed.Order(), failed);

        Assert.Equal(newest.Skip(1).Select(run => run.Id), (await service.Runs(EastAdmin, "offset=1")).Select(run => run.Id));
        foreach (var nonsense in new[] { "sort=total", "offset=-1", $"offset=1&cursor={newest[0].Id}" })
            Assert.Equal(HttpStatusCode.BadRequest,
                (await service.SignedInAs(EastAdmin).GetAsync($"/api/reports/runs?{nonsense}", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_run_covers_the_requesters_reach_and_each_account_works_once()
    {
        var run = await service.Start(EastUser);
        var done = await service.Finished(EastUser, run);

        Assert.Equal(4, done.Accounts.Count);
        Assert.All(done.Accounts, account => Assert.Equal(("ready", 3), (account.State, account.Rows)));
        Assert.All(done.Accounts, account => Assert.Equal(1, offices.Started[(account.Account, run)]));
        Assert.StartsWith("/open/bluedolphin-albany?to=/background-tasks/", done.Accounts[0].OpenUrl);

        // The same messages once more.
        foreach (var account in done.Accounts)
            await service.Bus.Publish(new GenerateAccountReport(run, account.Account));
        await service.Finished(EastUser, await service.Start(EastUser));
        Assert.All(done.Accounts, account => Assert.Equal(1, offices.Started[(account.Account, run)]));
        Assert.Single(service.Bus.Heard<ReportRunFinished>(), finished => finished.RunId == run);
    }

    [Fact]
    public async Task An_account_that_holds_its_answer_until_the_report_is_over_is_not_asked_again()
    {
        offices.Trouble["tumbletime-tulsa"] = "holds its answer";
        var run = await service.Start(TumbleUser);

        Assert.All((await service.Finished(TumbleUser, run)).Accounts, account =>
            Assert.Equal(("ready", 3), (account.State, account.Rows)));

        Assert.Equal((0, true), (offices.LooksAt("tumbletime-tulsa", run), offices.LooksAt("tumbletime-omaha", run) > 0));
        offices.Trouble.Clear();
    }

    [Fact]
    public async Task Runs_of_users_are_seen_by_their_group_and_admins_above_and_runs_of_admins_by_admins_only()
    {
        var ofEastUser = await service.Start(EastUser);
        var ofRootAdmin = await service.Start(RootAdmin);
        var ofRootUser = await service.Start(RootUser);

        Assert.Equal("east-user east-admin root-admin", await WhoSees(ofEastUser));
        Assert.Equal("root-admin", await WhoSees(ofRootAdmin));
        Assert.Equal("root-user root-admin", await WhoSees(ofRootUser));
    }

    [Fact]
    public async Task Each_account_that_cannot_is_named_with_the_reason_and_the_others_are_ready()
    {
        offices.NotPermitted["bluedolphin-fresno"] = true;
        offices.Trouble["bluedolphin-denver"] = "down";
        offices.Trouble["bluedolphin-tucson"] = "wrong total";
        var run = await service.Start(WestUser);

        await Eventually(async () => (await service.Get(WestUser, run, "bluedolphin-austin")).State == "ready");
        await Eventually(
            async () => (await service.Get(WestUser, run, "bluedolphin-fresno")) is { State: "failed", Problem: "not permitted" });
        await Eventually(async () => (await service.Get(WestUser, run, "bluedolphin-denver")).Problem is not null);
        offices.Trouble.Clear();

        var done = await service.Finished(WestUser, run);
        Assert.Equal(["ready", "ready", "failed", "ready"], done.Accounts.Select(account => account.State));

        offices.NotPermitted.Clear();
        Assert.Equal(HttpStatusCode.NoContent,
            (await service.SignedInAs(WestUser).PostAsync($"/api/reports/runs/{run}/accounts/bluedolphin-fresno/retry", null, Cancel))
                .StatusCode);
        Assert.All((await service.Finished(WestUser, run)).Accounts, account => Assert.Equal("ready", account.State));
    }

    [Fact]
    public async Task A_canceled_run_ends_and_keeps_its_ready_files()
    {
        offices.Trouble["tumbletime-omaha"] = "down";
        var run = await service.Start(TumbleUser);
        await Eventually(async () => (await service.Get(TumbleUser, run)).Accounts.Count(account => account.State == "ready") == 3);

        await service.SignedInAs(TumbleUser).PostAsync($"/api/reports/runs/{run}/cancel", null, Cancel);

        await Eventually(async () => (await service.Get(TumbleUser, run)).State == "cancelled");
        Assert.Equal(["ready", "cancelled"], (await service.Get(TumbleUser, run)).Accounts.Select(account => account.State).Distinct()
            .OrderDescending());
        offices.Trouble.Clear();
    }

    [Fact]
    public async Task An_account_that_left_the_requesters_reach_is_cancelled_by_name()
    {
        var mover = EastUser with { Id = Guid.CreateVersion7() };
        offices.Trouble["bluedolphin-tampa"] = "down";
        var run = await service.Start(mover);
        await Eventually(async () => (await service.Get(EastAdmin, run, "bluedolphin-tampa")).Problem is not null);

        await service.Bus.Publish(new UserChanged(mover.Id, 2, mover.Email, mover.Name, mover.Level, WestId, "active", null));

        await Eventually(
            async () => (await service.Get(EastAdmin, run, "bluedolphin-tampa")) is { State: "cancelled", Problem: "no longer in reach" });
        offices.Trouble.Clear();
    }

    [Theory]
    [InlineData("FIN-9", "2026-10-01", "2026-10-31", "report")]
    [InlineData("FIN-2", null, "2026-10-31", "from")]
    [InlineData("FIN-2", "2026-10-31", "2026-10-01", "to")]
    public async Task What_cannot_be_run_is_said_by_field(string report, string? from, string? to, string field)
    {
        var answer = await service.SignedInAs(RootUser)
            .PostAsJsonAsync("/api/reports/runs", new { report, parameters = new { from, to } }, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"{field}\"", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Progress_comes_as_events_until_the_run_is_finished()
    {
        var run = await service.Start(TumbleUser);

        var events = await service.SignedInAs(TumbleUser).GetStringAsync($"/api/reports/runs/{run}/events", Cancel);

        Assert.StartsWith("event: run", events);
        Assert.Contains("\"state\":\"finished\"", events.Split("event: run")[^1]);
    }

    [Fact]
    public async Task The_run_of_a_suspended_user_ends_and_says_so()
    {
        var leaver = EastUser with { Id = Guid.CreateVersion7() };
        offices.Trouble["bluedolphin-tampa"] = "down";
        var run = await service.Start(leaver);
        await Eventually(async () => (await service.Get(EastAdmin, run, "bluedolphin-tampa")).Problem is not null);

        await service.Bus.Publish(
            new UserChanged(leaver.Id, 2, leaver.Email, leaver.Name, leaver.Level, leaver.GroupId, "suspended", null));

        await Eventually(async () => await service.Get(
            EastAdmin, run, "bluedolphin-tampa") is { State: "cancelled", Problem: "the requester no longer has access" });
    }

    [Fact]
    public async Task An_account_that_hangs_holds_up_none_of_the_others()
    {
        offices.Trouble["tumbletime-tulsa"] = "hang";
        var run = await service.Start(TumbleUser);

        await Eventually(async () => (await service.Get(TumbleUser, run)).Accounts.Count(account => account.State == "ready") == 3);
        Assert.Equal("queued", (await service.Get(TumbleUser, run, "tumbletime-tulsa")).State);
    }

    [Fact]
    public async Task A_run_ends_by_its_deadline_although_its_messages_were_lost()
    {
        offices.Trouble["bluedolphin-austin"] = "down";
        var run = await service.Start(WestUser);
        await Eventually(async () => (await service.Get(WestUser, run)).Accounts.Count(account => account.State == "ready") == 3);
        await Eventually(async () => await service.Execute("delete from outbox") > 0);

        service.Clock.Advance(TimeSpan.FromMinutes(31));
        await service.AnotherInstance();

        await Eventually(async () =>
            await service.Execute($"update report_run set report = report where id = '{run}' and finished_at is not null") == 1);
        service.Clock.Set(TimeProvider.System.GetUtcNow());
        Assert.Equal(("failed", "The account did not answer."), (await service.Get(WestUser, run, "bluedolphin-austin")) is var austin
            ? (austin.State, austin.Problem) : default);
    }

    [Fact]
    public async Task Runs_and_their_files_are_kept_for_sixty_days()
    {
        var (old, young) = (await service.Start(RootAdmin), await service.Start(RootAdmin));
        await service.Finished(RootAdmin, old);
        await service.Finished(RootAdmin, young);
        await service.Execute($"update report_run set created_at = now() - interval '60 days 1 minute' where id = '{old}'");
        await service.Execute($"update report_run set created_at = now() - interval '59 days' where id = '{young}'");

        await service.AnotherInstance();

        await Eventually(async () => (await service.SignedInAs(RootAdmin).GetAsync($"/api/reports/runs/{old}", Cancel))
            .StatusCode == HttpStatusCode.NotFound);
        Assert.Equal(0, await service.Execute($"delete from report_file_part where run_id = '{old}'"));
        Assert.Equal("finished", (await service.Get(RootAdmin, young)).State);
    }

    [Theory]
    [InlineData("FIN-2", "{ \"from\": \"2026-10-01\", \"to\": \"9999-12-31\" }", "to")]
    [InlineData("FIN-1", "{ \"asOf\": \"9999-12-31\" }", "asOf")]
    [InlineData("FIN-2", "{ \"from\": \"2026-10-01\", \"to\": \"2026-10-31\", \"program\": \"\\u0000\" }", "program")]
    public async Task What_no_account_could_make_a_report_of_is_refused_before_any_is_asked(string report, string parameters, string field)
    {
        var body = $$"""{ "report": "{{report}}", "parameters": {{parameters}} }""";
        using var answer = await service.SignedInAs(RootUser).PostAsync(
            "/api/reports/runs", new StringContent(body, Encoding.UTF8, "application/json"), Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"{field}\"", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Runs_are_found_by_report_day_and_person()
    {
        var run = await service.Start(TumbleUser, "CLA-5");
        var later = Uri.EscapeDataString(service.Clock.GetUtcNow().AddHours(1).ToOffset(TimeSpan.FromHours(-5)).ToString("o"));

        Assert.Contains(await service.Runs(TumbleUser, $"report=CLA-5&by=toni&to={later}"), item => item.Id == run);
        foreach (var other in new[] { "report=CLA-9", "by=nobody", $"from={later}" })
            Assert.DoesNotContain(await service.Runs(TumbleUser, other), item => item.Id == run);
    }

    [Fact]
    public async Task A_run_for_a_group_below_covers_its_accounts_only_and_stays_its_makers()
    {
        var run = await service.Start(RootAdmin, "FIN-2", new { from = "2026-10-01", to = "2026-10-31" }, EastId);

        Assert.Equal(4, (await service.Finished(RootAdmin, run)).Accounts.Count);
        Assert.Equal("root-admin", await WhoSees(run));
    }

    async Task<string> WhoSees(Guid run)
    {
        var seeing = new List<string>();
        foreach (var person in new[] { EastUser, EastAdmin, WestUser, RootUser, RootAdmin, TumbleUser, TumbleAdmin })
            if (await Sees(person, run))
                seeing.Add(person.Email.Split('@')[0]);
        return string.Join(' ', seeing);
    }

    async Task<bool> Sees(Person person, Guid run)
    {
        var one = await service.SignedInAs(person).GetAsync($"/api/reports/runs/{run}", Cancel);
        var listed = (await service.SignedInAs(person).GetFromJsonAsync<Page<RunItem>>("/api/reports/runs?limit=200", Cancel))!.Items.Any(
            item => item.Id == run);
        Assert.Equal(listed, one.StatusCode == HttpStatusCode.OK);
        return listed;
    }
}
