using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Contracts.Identity;
using EnterprisePortal.Contracts.Mail;
using EnterprisePortal.Reports.Schedules;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Tests.Support;
using static EnterprisePortal.Tests.Support.Demo;

namespace EnterprisePortal.Tests.Reports;

public class ScheduleTests(ReportsService service) : IClassFixture<ReportsService>, IAsyncLifetime
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await service.WithOffices();

    public ValueTask DisposeAsync()
    {
        service.Clock.Set(TimeProvider.System.GetUtcNow());
        GC.SuppressFinalize(this);
        return default;
    }

    [Fact]
    public async Task A_monthly_schedule_covers_the_month_before_and_tells_its_owner_with_a_link()
    {
        var owner = Newcomer(TumbleUser);
        var due = (await Create(owner, new { report = "FIN-2", every = "month" })).NextRun;

        service.Clock.Set(due.AddMinutes(1));
        var mail = await service.Published<SendMail>(it => it.To == owner.Email);
        service.Clock.Set(TimeProvider.System.GetUtcNow());

        Assert.Contains("ready for 4 of 4 accounts", mail.Text);
        var run = (await service.Runs(owner))
            .Single(item => item.By == owner.Name && mail.Text.Contains($"{TestIdentity.Issuer}generated-reports/{item.Id}"));
        Assert.Equal((1, 1), (run.Parameters.From!.Value.Day, run.Parameters.To!.Value.AddDays(1).Day));
        Assert.Equal(due.AddMonths(-1).Month, run.Parameters.From.Value.Month);
        var started = await service.Published<ActivityRecorded>(it => it.Person?.Id == owner.Id && it.Action == "report.started");
        Assert.Contains("schedule", started.Details);
        Assert.Equal(run.Id, (await Find(owner, owner)).LastRun?.Id);
    }

    [Fact]
    public async Task Its_owner_changes_a_schedule_and_sees_its_next_three_runs()
    {
        var owner = Newcomer(EastUser);
        var made = await Create(owner, new { report = "FIN-2", every = "month", day = 5, parameters = new { program = "Swim" } });
        Assert.Equal([5, 5, 5], made.Upcoming.Select(run => run.Day));
        Assert.Equal(made.NextRun, made.Upcoming[0]);
        var weekly = new { report = "FIN-2", every = "week", day = 1, covers = "last-week", parameters = new { program = "Camp" } };

        // An Admin may pause and delete it, but it runs with its owner's rights.
        Assert.Equal(HttpStatusCode.Forbidden, await Edit(EastAdmin, weekly));
        Assert.Equal(HttpStatusCode.NotFound, await Edit(WestUser, weekly));
        Assert.Equal(HttpStatusCode.BadRequest, await Edit(owner, weekly with { day = 8 }));
        Assert.Equal(HttpStatusCode.BadRequest, await Edit(owner, weekly with { report = "FIN-4", parameters = null! }));
        Assert.Equal(("month", 5), ((await Find(owner, owner)).Every, (await Find(owner, owner)).Day));
        Assert.Equal(HttpStatusCode.NoContent, await Edit(owner, weekly));

        var changed = await Find(owner, owner);
        Assert.Equal(("week", 1, "last-week", "Camp"), (changed.Every, changed.Day, changed.Covers, changed.Parameters.Program));
        Assert.Equal([7, 7], changed.Upcoming.Zip(changed.Upcoming.Skip(1), (one, next) => (int)Math.Round((next - one).TotalDays)));
        Assert.Equal((true, false), (changed.MayEdit, (await Find(EastAdmin, owner)).MayEdit));
        await service.Published<ActivityRecorded>(it => it.Person?.Id == owner.Id && it.Action == "schedule.edited");

        async Task<HttpStatusCode> Edit(Person person, object body) =>
            (await service.SignedInAs(person).PutAsJsonAsync($"/api/reports/schedules/{made.Id}", body, Cancel)).StatusCode;
    }

    [Fact]
    public async Task A_schedule_of_a_suspended_person_is_skipped_and_says_so_to_the_Admins()
    {
        var owner = Newcomer(EastUser);
        var made = await Create(owner, new { report = "CLA-5", every = "week", day = 3 });
        await service.Bus.Publish(new UserChanged(owner.Id, 2, owner.Email, owner.Name, owner.Level, owner.GroupId, "suspended", null));
        await Eventually(async () => (await Find(EastAdmin, owner)).Problem?.Contains("is suspended", StringComparison.Ordinal) == true);

        service.Clock.Set(made.NextRun.AddMinutes(1));
        await service.Published<ActivityRecorded>(it => it.Person?.Id == owner.Id && it.Action == "schedule.skipped");
        service.Clock.Set(TimeProvider.System.GetUtcNow());

        var skipped = await Find(EastAdmin, owner);
        Assert.Null(skipped.LastRun!.Id);
        Assert.Equal(made.NextRun.AddDays(7).Date, skipped.NextRun.Date);
        Assert.DoesNotContain(await service.Runs(EastAdmin), run => run.By == owner.Name);
        // An Admin can put it away.
        Assert.Equal(HttpStatusCode.NoContent,
            (await service.SignedInAs(EastAdmin).DeleteAsync($"/api/reports/schedules/{made.Id}", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_schedule_whose_group_its_owner_no_longer_reaches_says_so()
    {
        var owner = Newcomer(RootUser);
        var made = await Create(owner, new { report = "FIN-1", every = "month", group = EastId });
        await service.Bus.Publish(new UserChanged(owner.Id, 2, owner.Email, owner.Name, owner.Level, WestId, "active", null));

        await Eventually(async () => (await Find(RootAdmin, owner)).Problem?.Contains("no longer in", StringComparison.Ordinal) == true);
        using var now = await service.SignedInAs(owner with { GroupId = WestId })
            .PostAsync($"/api/reports/schedules/{made.Id}/run", null, Cancel);
        Assert.Equal(HttpStatusCode.Conflict, now.StatusCode);
        Assert.Contains("is skipped", await now.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task A_paused_schedule_does_not_run_and_goes_on_from_today()
    {
        var owner = Newcomer(WestUser);
        var (paused, other) = (await Create(owner, new { report = "FIN-6", every = "week" }),
            await Create(owner, new { report = "CLA-9", every = "week" }));
        await Pause(owner, paused.Id, true);

        service.Clock.Set(paused.NextRun.AddMinutes(1));
        await Eventually(async () => (await service.Runs(WestUser, "report=CLA-9")).Any(run => run.By == owner.Name));
        Assert.DoesNotContain(await service.Runs(WestUser, "report=FIN-6"), run => run.By == owner.Name);
        Assert.Equal(paused.NextRun.AddDays(7).Date, (await Pause(owner, paused.Id, false)).NextRun.Date);
        await service.Published<ActivityRecorded>(it => it.Person?.Id == owner.Id && it.Action == "schedule.resumed");
        Assert.Equal(["schedule.created", "schedule.paused", "schedule.resumed"],
            service.Bus.Heard<ActivityRecorded>().Where(it => it.Person?.Id == owner.Id && it.Subject.Contains("FIN-6"))
                .OrderBy(it => it.At).Select(it => it.Action).Distinct());
        Assert.NotEqual(paused.Id, other.Id);
    }

    [Fact]
    public async Task A_schedule_is_seen_like_its_runs_and_changed_by_its_owner_and_Admins_only()
    {
        var (user, admin) = (Newcomer(EastUser), Newcomer(RootAdmin));
        var ofUser = await Create(user, new { report = "FIN-2", every = "week" });
        var ofAdmin = await Create(admin, new { report = "FIN-2", every = "week", group = EastId });

        Assert.Equal(4, (await RunNow(admin, ofAdmin.Id)).Accounts.Count);
        foreach (var (person, id, status) in new (Person, Guid, HttpStatusCode)[]
        {
            (RootUser, ofUser.Id, HttpStatusCode.NotFound), (WestUser, ofUser.Id, HttpStatusCode.NotFound),
            (EastUser, ofUser.Id, HttpStatusCode.Forbidden), (EastAdmin, ofUser.Id, HttpStatusCode.OK),
            (EastAdmin, ofAdmin.Id, HttpStatusCode.NotFound), (RootUser, ofAdmin.Id, HttpStatusCode.NotFound),
            (TumbleAdmin, ofAdmin.Id, HttpStatusCode.NotFound), (RootAdmin, ofAdmin.Id, HttpStatusCode.OK)
        })
        {
            Assert.Equal((person.Name, status != HttpStatusCode.NotFound), (person.Name, (await List(person)).Any(item => item.Id == id)));
            using var answer = await service.SignedInAs(person)
                .PatchAsJsonAsync($"/api/reports/schedules/{id}", new { paused = true }, Cancel);
            Assert.Equal((person.Name, status), (person.Name, answer.StatusCode));
        }
    }

    [Theory]
    [InlineData("""{ "report": "FIN-9", "every": "week" }""", "report")]
    [InlineData("""{ "report": "FIN-2", "every": "year" }""", "every")]
    [InlineData("""{ "report": "FIN-2", "every": "week", "day": 8 }""", "day")]
    [InlineData("""{ "report": "FIN-2", "every": "month", "day": 31 }""", "day")]
    [InlineData("""{ "report": "FIN-2", "every": "month", "covers": "run-day" }""", "covers")]
    [InlineData("""{ "report": "FIN-1", "every": "month", "covers": "last-month" }""", "covers")]
    [InlineData("""{ "report": "FIN-2", "every": "month", "group": "0199aaaa-0000-7000-8000-000000000001" }""", "group")]
    public async Task What_cannot_be_scheduled_is_said_by_field(string body, string field)
    {
        using var answer = await service.SignedInAs(EastUser)
            .PostAsync("/api/reports/schedules", new StringContent(body, null, "application/json"), Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"{field}\"", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData("week", 1, "America/Chicago", "2026-11-23T15:00Z", "2026-11-30T12:00Z")]
    [InlineData("week", 7, "America/Chicago", "2026-11-23T15:00Z", "2026-11-29T12:00Z")]
    [InlineData("month", 1, "America/Chicago", "2026-11-23T15:00Z", "2026-12-01T12:00Z")]
    [InlineData("month", 28, "America/Chicago", "2027-01-28T15:00Z", "2027-02-28T12:00Z")]
    [InlineData("week", 1, "America/New_York", "2026-03-06T12:00Z", "2026-03-09T10:00Z")]
    [InlineData("week", 1, "Asia/Kathmandu", "2026-11-23T00:14Z", "2026-11-23T00:15Z")]
    public void A_schedule_comes_at_six_in_the_morning_there_also_across_a_change_of_the_clock(
        string every, int day, string zone, string after, string next) =>
        Assert.Equal(DateTimeOffset.Parse(next, CultureInfo.InvariantCulture),
            Period.NextRun(every, day, zone, DateTimeOffset.Parse(after, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("last-week", "2026-11-25", "2026-11-16", "2026-11-22", null)]
    [InlineData("last-week", "2026-11-29", "2026-11-16", "2026-11-22", null)]
    [InlineData("last-week", "2026-11-30", "2026-11-23", "2026-11-29", null)]
    [InlineData("last-month", "2028-03-01", "2028-02-01", "2028-02-29", null)]
    [InlineData("last-quarter", "2027-02-15", "2026-10-01", "2026-12-31", null)]
    [InlineData("month-to-date", "2026-11-25", "2026-11-01", "2026-11-24", null)]
    [InlineData("month-to-date", "2026-12-01", "2026-11-01", "2026-11-30", null)]
    [InlineData("year-to-date", "2027-01-01", "2026-01-01", "2026-12-31", null)]
    [InlineData("run-day", "2026-11-25", null, null, "2026-11-25")]
    [InlineData("day-before", "2026-12-01", null, null, "2026-11-30")]
    [InlineData("last-month-end", "2026-11-25", null, null, "2026-10-31")]
    public void Dates_are_relative_to_the_day_of_the_run(string covers, string day, string? from, string? to, string? asOf)
    {
        var dated = new ReportParameters(Program: "Swim Lessons").Dated(covers, DateOnly.Parse(day, CultureInfo.InvariantCulture));

        Assert.Equal((from, to, asOf, "Swim Lessons"),
            (dated.From?.ToString("o", CultureInfo.InvariantCulture), dated.To?.ToString("o", CultureInfo.InvariantCulture),
                dated.AsOf?.ToString("o", CultureInfo.InvariantCulture), dated.Program));
    }

    static Person Newcomer(Person like)
    {
        var id = Guid.CreateVersion7();
        return like with { Id = id, Name = $"Nina {id:N}", Email = $"{id:N}@new.example" };
    }

    async Task<ScheduleItem> Create(Person person, object schedule)
    {
        using var made = await service.SignedInAs(person).PostAsJsonAsync("/api/reports/schedules", schedule, Cancel);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        return (await made.Content.ReadFromJsonAsync<ScheduleItem>(Cancel))!;
    }

    async Task<ScheduleItem> Pause(Person person, Guid id, bool paused)
    {
        using var answer = await service.SignedInAs(person).PatchAsJsonAsync($"/api/reports/schedules/{id}", new { paused }, Cancel);
        return (await answer.Content.ReadFromJsonAsync<ScheduleItem>(Cancel))!;
    }

    async Task<RunItem> RunNow(Person person, Guid id)
    {
        using var answer = await service.SignedInAs(person).PostAsync($"/api/reports/schedules/{id}/run", null, Cancel);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<RunItem>(Cancel))!;
    }

    async Task<IReadOnlyList<ScheduleItem>> List(Person person) =>
        (await service.SignedInAs(person).GetFromJsonAsync<Page<ScheduleItem>>("/api/reports/schedules", Cancel))!.Items;

    async Task<ScheduleItem> Find(Person viewer, Person owner) => (await List(viewer)).Single(item => item.By == owner.Name);
}
