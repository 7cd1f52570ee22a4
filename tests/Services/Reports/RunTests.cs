using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Contracts.Identity;
using EnterprisePortal.Contracts.Mail;
using EnterprisePortal.Contracts.Reports;
using EnterprisePortal.Contracts.Sync;
using EnterprisePortal.Reports;
using EnterprisePortal.Reports.Runs;
using EnterprisePortal.Reports.Schedules;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Tests.Support;
using static EnterprisePortal.Tests.Support.Demo;
using static EnterprisePortal.Tests.Support.Patience;

namespace EnterprisePortal.Tests.Reports;

public class RunTests : IClassFixture<Service<ReportsDb>>, IAsyncLifetime
{
    readonly Service<ReportsDb> service;
    readonly Offices offices;

    public RunTests(Service<ReportsDb> service) => (this.service, offices) = (service, new(service.Outbound));

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await service.Given(BlueDolphin, TumbleTime);

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
            new("sub", $"{EastUser.Id}"), new("name", EastUser.Name), new("email", EastUser.Email), new("level", EastUser.Level), new("group", $"{EastUser.GroupId}"),
            new("sid", EastUser.Session), new("scope", "openid account runs:start")
        ], audiences: ["reports"]));

        using var started = await account.PostAsJsonAsync("/api/reports/runs", new { report = "FIN-2", parameters = new { from = "2026-10-01", to = "2026-10-31" } }, Cancel);

        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        foreach (var address in new[] { "/api/reports/runs", started.Headers.Location!.ToString() })
            Assert.Equal(HttpStatusCode.Unauthorized, (await account.GetAsync(address, Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_run_covers_the_requesters_reach_and_each_account_works_once()
    {
        var run = await Start(EastUser);
        var done = await Finished(EastUser, run);

        Assert.Equal(4, done.Accounts.Count);
        Assert.All(done.Accounts, account => Assert.Equal(("ready", 3), (account.State, account.Rows)));
        Assert.All(done.Accounts, account => Assert.Equal(1, offices.Started[(account.Account, run)]));
        Assert.StartsWith("/open/bluedolphin-albany?to=/background-tasks/", done.Accounts[0].OpenUrl);

        // The same messages once more.
        foreach (var account in done.Accounts)
            await service.Bus.Publish(new GenerateAccountReport(run, account.Account));
        await Finished(EastUser, await Start(EastUser));
        Assert.All(done.Accounts, account => Assert.Equal(1, offices.Started[(account.Account, run)]));
        Assert.Single(service.Bus.Heard<ReportRunFinished>(), finished => finished.RunId == run);
    }

    [Fact]
    public async Task Runs_of_users_are_seen_by_their_group_and_admins_above_and_runs_of_admins_by_admins_only()
    {
        var ofEastUser = await Start(EastUser);
        var ofRootAdmin = await Start(RootAdmin);
        var ofRootUser = await Start(RootUser);

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
        var run = await Start(WestUser);

        await Eventually(async () => (await Get(WestUser, run)).Accounts.Single(account => account.Account == "bluedolphin-austin").State == "ready");
        await Eventually(async () => (await Get(WestUser, run)).Accounts.Single(account => account.Account == "bluedolphin-fresno") is { State: "failed", Problem: "not permitted" });
        await Eventually(async () => (await Get(WestUser, run)).Accounts.Single(account => account.Account == "bluedolphin-denver").Problem is not null);
        offices.Trouble.Clear();

        var done = await Finished(WestUser, run);
        Assert.Equal(["ready", "ready", "failed", "ready"], done.Accounts.Select(account => account.State));

        offices.NotPermitted.Clear();
        Assert.Equal(HttpStatusCode.NoContent, (await service.SignedInAs(WestUser).PostAsync($"/api/reports/runs/{run}/accounts/bluedolphin-fresno/retry", null, Cancel)).StatusCode);
        Assert.All((await Finished(WestUser, run)).Accounts, account => Assert.Equal("ready", account.State));
    }

    [Fact]
    public async Task A_cancelled_run_ends_and_keeps_what_was_ready()
    {
        offices.Trouble["tumbletime-omaha"] = "down";
        var run = await Start(TumbleUser);
        await Eventually(async () => (await Get(TumbleUser, run)).Accounts.Count(account => account.State == "ready") == 3);

        await service.SignedInAs(TumbleUser).PostAsync($"/api/reports/runs/{run}/cancel", null, Cancel);

        await Eventually(async () => (await Get(TumbleUser, run)).State == "cancelled");
        Assert.Equal(["ready", "cancelled"], (await Get(TumbleUser, run)).Accounts.Select(account => account.State).Distinct().OrderDescending());
        offices.Trouble.Clear();
    }

    [Fact]
    public async Task An_account_that_left_the_requesters_reach_is_cancelled_by_name()
    {
        var mover = EastUser with { Id = Guid.CreateVersion7() };
        offices.Trouble["bluedolphin-tampa"] = "down";
        var run = await Start(mover);
        await Eventually(async () => (await Get(EastAdmin, run)).Accounts.Single(account => account.Account == "bluedolphin-tampa").Problem is not null);

        await service.Bus.Publish(new UserChanged(mover.Id, 2, mover.Email, mover.Name, mover.Level, WestId, "active", null));

        await Eventually(async () => (await Get(EastAdmin, run)).Accounts.Single(account => account.Account == "bluedolphin-tampa") is { State: "cancelled", Problem: "no longer in reach" });
        offices.Trouble.Clear();
    }

    [Fact]
    public async Task Everything_downloads_together_and_the_totals_agree_to_the_cent()
    {
        var run = await Start(RootUser);
        await Finished(RootUser, run);
        var http = service.SignedInAs(RootUser);

        using var zip = new ZipArchive(await http.GetStreamAsync($"/api/reports/runs/{run}/files.zip", Cancel));
        Assert.Equal(8, zip.Entries.Select(entry => entry.FullName).Distinct().Count());

        var csv = await Combined(RootUser, run);
        Assert.Equal("account,Section,Family,Date,Amount,Family Id", csv[0]);
        Assert.Equal(1 + 8 * 3, csv.Length);
        Assert.Contains("'=HYPERLINK", csv[1]);
        var expected = BlueDolphin.Accounts.Sum(account => Offices.Total(account.Code));
        Assert.Equal(expected, csv.Skip(1).Where(row => row.Contains(",Deposits,")).Sum(row => decimal.Parse(row.Split(',')[^2], CultureInfo.InvariantCulture)));

        using var workbook = new ZipArchive(new MemoryStream(await http.GetByteArrayAsync($"/api/reports/runs/{run}/combined.xlsx", Cancel)));
        Assert.Contains(workbook.Entries, entry => entry.FullName.EndsWith("sheet2.xml", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_is_released_only_to_who_may_open_the_report_in_that_account()
    {
        var run = await Start(RootUser);
        await Finished(RootUser, run);
        offices.NotPermitted["bluedolphin-boston"] = true;

        using var answer = await service.SignedInAs(RootUser).GetAsync($"/api/reports/runs/{run}/combined.csv", Cancel);

        Assert.DoesNotContain("bluedolphin-boston", await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal("bluedolphin-boston: not permitted", answer.Headers.GetValues("X-Left-Out").Single());
        offices.NotPermitted.Clear();
    }

    [Theory]
    [InlineData("FIN-9", "2026-10-01", "2026-10-31", "report")]
    [InlineData("FIN-2", null, "2026-10-31", "from")]
    [InlineData("FIN-2", "2026-10-31", "2026-10-01", "to")]
    public async Task What_cannot_be_run_is_said_by_field(string report, string? from, string? to, string field)
    {
        var answer = await service.SignedInAs(RootUser).PostAsJsonAsync("/api/reports/runs", new { report, parameters = new { from, to } }, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"{field}\"", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Progress_comes_as_events_until_the_run_is_finished()
    {
        var run = await Start(TumbleUser);

        var events = await service.SignedInAs(TumbleUser).GetStringAsync($"/api/reports/runs/{run}/events", Cancel);

        Assert.StartsWith("event: run", events);
        Assert.Contains("\"state\":\"finished\"", events.Split("event: run")[^1]);
    }

    [Fact]
    public async Task An_erased_family_leaves_its_name_in_no_kept_file_and_its_amounts_stay()
    {
        var run = await Start(WestUser);
        await Finished(WestUser, run);
        var before = await Combined(WestUser, run);
        Assert.Equal(4, before.Count(row => row.Contains("O'Brien")));

        await service.Bus.Publish(new FamilyErased("bluedolphin-austin", "2"));

        await Eventually(async () => (await Combined(WestUser, run)).Count(row => row.Contains("O'Brien")) == 3);
        Assert.Contains("bluedolphin-austin,Deposits,,2026-10-02,-0.02,2", await Combined(WestUser, run));
    }

    [Fact]
    public async Task A_monthly_schedule_covers_the_month_before_and_tells_its_owner()
    {
        var owner = TumbleUser with { Id = Guid.CreateVersion7() };
        var made = await service.SignedInAs(owner).PostAsJsonAsync("/api/reports/schedules", new { report = "FIN-2", every = "month" }, Cancel);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var due = (await made.Content.ReadFromJsonAsync<EditSchedules.Item>(Cancel))!.NextRun;

        service.Clock.Set(due.AddMinutes(1));
        var mail = await service.Published<SendMail>(it => it.To == owner.Email);
        service.Clock.Set(TimeProvider.System.GetUtcNow());

        Assert.Contains("ready for 4 of 4 accounts", mail.Text);
        var run = (await service.SignedInAs(owner).GetFromJsonAsync<Page<RunItem>>("/api/reports/runs?limit=200", Cancel))!.Items.Single(item => item.By == owner.Name && mail.Text.Contains($"{item.Id}"));
        Assert.Equal((1, 1), (run.Parameters.From!.Value.Day, run.Parameters.To!.Value.AddDays(1).Day));
        Assert.Equal(due.AddMonths(-1).Month, run.Parameters.From.Value.Month);
    }

    [Theory]
    [InlineData("week", "America/Chicago", "2026-11-23T15:00Z", "2026-11-30T12:00Z")]
    [InlineData("month", "America/Chicago", "2026-11-23T15:00Z", "2026-12-01T12:00Z")]
    [InlineData("week", "America/New_York", "2026-03-06T12:00Z", "2026-03-09T10:00Z")]
    [InlineData("week", "Asia/Kathmandu", "2026-11-23T00:14Z", "2026-11-23T00:15Z")]
    public void A_schedule_comes_at_six_in_the_morning_there_also_across_a_change_of_the_clock(string every, string zone, string after, string next) =>
        Assert.Equal(DateTimeOffset.Parse(next, CultureInfo.InvariantCulture), Period.NextRun(every, zone, DateTimeOffset.Parse(after, CultureInfo.InvariantCulture)));

    async Task<string[]> Combined(Person person, Guid run) =>
        (await service.SignedInAs(person).GetStringAsync($"/api/reports/runs/{run}/combined.csv", Cancel)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

    async Task<Guid> Start(Person person)
    {
        var answer = await service.SignedInAs(person).PostAsJsonAsync("/api/reports/runs", new { report = "FIN-2", parameters = new { from = "2026-10-01", to = "2026-10-31" } }, Cancel);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<RunItem>(Cancel))!.Id;
    }

    async Task<RunItem> Get(Person person, Guid run) => (await service.SignedInAs(person).GetFromJsonAsync<RunItem>($"/api/reports/runs/{run}", Cancel))!;

    async Task<RunItem> Finished(Person person, Guid run)
    {
        await Eventually(async () => (await Get(person, run)).State == "finished");
        return await Get(person, run);
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
        var listed = (await service.SignedInAs(person).GetFromJsonAsync<Page<RunItem>>("/api/reports/runs?limit=200", Cancel))!.Items.Any(item => item.Id == run);
        Assert.Equal(listed, one.StatusCode == HttpStatusCode.OK);
        return listed;
    }
}
