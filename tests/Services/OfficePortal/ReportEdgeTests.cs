using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.BackgroundTasks;
using EnterprisePortal.ServiceDefaults.Database;
using static EnterprisePortal.Tests.OfficePortal.DataOffice;

namespace EnterprisePortal.Tests.OfficePortal;

/// <summary>Nights, odd days, empty and large accounts, and a worker that dies. Each in an account of its own.</summary>
public class ReportEdgeTests(ReportOffice office, ITestOutputHelper output) : IClassFixture<ReportOffice>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refunded_payment_that_is_deleted_reads_plus_minus_minus_plus_and_is_no_deposit()
    {
        await Account("edge-deleted");
        await Payment("edge-deleted", 1, "2026-01-05 18:00Z", 100m);
        await Sql(
            """
            insert into payment_event (account, id, payment, kind, refund, amount, at, made_by)
              values ($1, 1, 1, 'refund', null, -100, '2026-01-06 18:00Z', 'web'),
              ($1, 2, 1, 'delete', null, -100, '2026-01-08 18:00Z', 'web'),
              ($1, 3, 1, 'delete-refund', 1, 100, '2026-01-08 18:01Z', 'web')
            """, "edge-deleted");

        var january = await office.Generate("edge-deleted", "FIN-2", new(new(2026, 1, 1), new(2026, 1, 31)));
        var firstDay = await office.Generate("edge-deleted", "FIN-2", new(new(2026, 1, 5), new(2026, 1, 5)));
        var split = await office.Generate("edge-deleted", "FIN-4", new(new(2026, 1, 1), new(2026, 1, 31)));
        var owed = await office.Generate("edge-deleted", "FIN-1", new(AsOf: new(2026, 1, 31)));

        Assert.Equal(["100.00", "-100.00", "-100.00", "100.00"], january.Rows.Select(row => row["Amount"]));
        Assert.Equal(["2026-01-05", "2026-01-06", "2026-01-08", "2026-01-08"], january.Rows.Select(row => row["Date"]));
        Assert.All(january.Rows, row => Assert.Equal("Deleted and failed", row["Section"]));
        Assert.Equal((0m, 0m), (january.About.Totals["Amount"], firstDay.About.Totals["Amount"]));
        Assert.Equal([("Deleted", "100.00")], split.Rows.Select(row => (row["Charge Category"], row["Total"])));
        Assert.Empty(owed.Rows);
    }

    [Theory]
    [InlineData("America/Chicago", "2026-03-08", "2026-03-08 06:00:00Z", "2026-03-09 04:59:59Z")] // 23 hours
    [InlineData("America/Chicago", "2025-11-02", "2025-11-02 05:00:00Z", "2025-11-03 05:59:59Z")] // 25 hours
    [InlineData("America/Chicago", "2024-02-29", "2024-02-29 06:00:00Z", "2024-03-01 05:59:59Z")]
    [InlineData("Pacific/Auckland", "2025-12-31", "2025-12-30 11:00:00Z", "2025-12-31 10:59:59Z")]
    [InlineData("America/Santiago", "2025-09-07", "2025-09-07 04:00:00Z", "2025-09-08 02:59:59Z")] // begins at 01:00: midnight is skipped
    [InlineData("America/Havana", "2025-11-02", "2025-11-02 04:00:00Z", "2025-11-03 04:59:59Z")] // strikes midnight twice
    public async Task A_day_is_from_midnight_to_midnight_where_the_account_is(string zone, string day, string first, string last)
    {
        var account = $"edge-{zone}-{day}".Replace('/', '-').ToLowerInvariant();
        await Account(account, zone);
        var (from, until) = (DateTimeOffset.Parse(first, null), DateTimeOffset.Parse(last, null));
        foreach (var (id, at) in new[] { (1L, from.AddSeconds(-1)), (2L, from), (3L, until), (4L, until.AddSeconds(1)) })
            await Payment(account, id, at.ToString("u"), id);
        var date = DateOnly.Parse(day, null);

        var report = await office.Generate(account, "FIN-2", new(date, date));
        var before = await office.Generate(account, "FIN-2", new(date.AddDays(-1), date.AddDays(-1)));
        var after = await office.Generate(account, "FIN-2", new(date.AddDays(1), date.AddDays(1)));

        Assert.Equal(["2.00", "3.00"], report.Rows.Select(row => row["Amount"]));
        Assert.All(report.Rows, row => Assert.Equal(day, row["Date"]));
        Assert.Equal((1m, 4m), (before.About.Totals["Amount"], after.About.Totals["Amount"]));
    }

    [Fact]
    public async Task A_drop_in_the_last_minute_of_a_day_is_of_that_day_and_a_transfer_is_no_drop()
    {
        await Account("edge-drop");
        await Sql("insert into student (account, id, family, first_name, last_name) values ($1, 1, 1, 'Zoë', 'Smith')", "edge-drop");
        await Sql("insert into program (account, id, name) values ($1, 1, 'Swim')", "edge-drop");
        await Sql("insert into level (account, id, name) values ($1, 1, 'Starfish')", "edge-drop");
        await Sql(
            """
            insert into class (account, id, name, program, level, location, weekday, starts, monthly_fee)
              values ($1, 1, 'Monday', 1, 1, 'Main', 1, '16:00', 90), ($1, 2, 'Tuesday', 1, 1, 'Main', 2, '16:00', 90)
            """, "edge-drop");
        // 23:59:30 of 10 March in Chicago is 11 March in UTC.
        await Sql("""
            insert into enrollment (account, id, student, class, type, source, created_at, created_by, start_date, drop_date, drop_reason,
              dropped_at, dropped_by, transferred_to) values
            ($1, 1, 1, 1, 'active', 'web', '2026-01-02 05:59:30Z', 'web', '2026-01-05', '2026-02-28', null, '2026-02-20Z', 'web', 2),
            ($1, 2, 1, 2, 'active', 'office', '2026-02-20Z', 'web', '2026-03-01', '2026-03-10', 'Cost', '2026-03-11 04:59:30Z', 'web', null)
            """, "edge-drop");

        Assert.Equal([("Drops", "Cost", "2026-03-10")],
            (await Drops("2026-03-10")).Select(row => (row["Section"], row["Reason"], row["Drop Date"])));
        Assert.Empty(await Drops("2026-03-11"));
        Assert.Equal([("Transfers", "Transfer to Tuesday")], (await Drops("2026-02-28")).Select(row => (row["Section"], row["Reason"])));
        var made = await office.Generate("edge-drop", "CLA-9", new(new(2026, 1, 1), new(2026, 1, 1)));
        Assert.Equal([("2026-01-01", "Web", "New")], made.Rows.Select(row => (row["Created"], row["Source"], row["New or Returning"])));
        Assert.Equal("Returning",
            Assert.Single((await office.Generate("edge-drop", "CLA-9", new(new(2026, 2, 1), new(2026, 2, 28)))).Rows)["New or Returning"]);

        async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> Drops(string day) =>
            (await office.Generate("edge-drop", "CLA-5", new(DateOnly.Parse(day, null), DateOnly.Parse(day, null)))).Rows;
    }

    public static TheoryData<string> Codes => [.. ReportCatalogue.All.Select(report => report.Code)];

    [Theory, MemberData(nameof(Codes))]
    public async Task An_account_without_families_has_reports_without_rows(string report)
    {
        var account = $"edge-empty-{report.ToLowerInvariant()}";
        await Account(account, families: false);

        var january = new ReportParameters(new(2026, 1, 1), new(2026, 1, 31));
        var empty = await office.Generate(account, report, report == "FIN-1" ? new(AsOf: january.To) : january);

        Assert.Equal(0, empty.About.Rows);
        Assert.All(empty.About.Totals.Values, total => Assert.Equal(0m, total));
    }

    [Fact]
    public async Task Fifty_thousand_payments_add_up()
    {
        await Account("edge-large");
        await Sql("""
            insert into payment (account, id, family, received_at, method, amount, status, taken_by)
            select $1, n, 1, '2026-01-01 12:00Z'::timestamptz + n * interval '40 seconds', 'cash', n / 100.0, 'received', 'web'
              from generate_series(1, 50000) n
            """, "edge-large");
        var began = Stopwatch.GetTimestamp();

        var report = await office.Generate("edge-large", "FIN-2", new(new(2026, 1, 1), new(2026, 1, 31)));

        output.WriteLine($"50,000 rows, made and read over HTTP, in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        Assert.Equal((50_000, 12_500_250m), (report.About.Rows, report.About.Totals["Amount"]));
        Assert.Equal(12_500_250m, report.Sum("Amount"));
    }

    [Fact]
    public async Task A_run_makes_one_task_and_a_failed_task_starts_again()
    {
        var (portal, run, asked) =
            (office.Office.Portal(Austin), Guid.CreateVersion7(), new ReportParameters(new(2026, 1, 1), new(2026, 1, 31)));

        var tasks = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ReportOffice.Start(portal, run, "FIN-2", asked)));
        await Ready(portal, tasks[0].Id);
        await office.Office.Sql("update background_task set state = 'failed', problem = 'x', about = null where id = $1",
            Guid.Parse(tasks[0].Id));
        var again = await ReportOffice.Start(portal, run, "FIN-2", asked);
        await Ready(portal, again.Id);

        Assert.Single(tasks.Append(again).Select(task => task.Id).Distinct());
        Assert.Equal(1, await office.Office.Ask<long>("select count(*) from background_task where run_id = $1", run));
    }

    [Fact]
    public async Task Who_prefers_to_wait_is_answered_when_the_report_is_over_and_no_later_than_they_asked()
    {
        var (portal, asked) =
            (office.Office.Portal(Austin),
                new ReportRequest(Guid.CreateVersion7(), "FIN-2", ReportOffice.Given(new(new(2026, 1, 1), new(2026, 1, 31))),
                    new(Guid.CreateVersion7(), "Rosa Admin", "admin", Guid.CreateVersion7(), "portal-admin@bluedolphin.example")));

        var over = await Send(HttpMethod.Post, "reports", "respond-async, wait=10", asked);
        // As if a worker had it: this lock is a worker's.
        await using var worker = await office.Office.Db.Lock(GenerateReports.LockOf(over.Id), Cancel);
        await office.Office.Sql("update background_task set state = 'running' where id = $1", Guid.Parse(over.Id));
        var began = Stopwatch.GetTimestamp();
        var still = await Send(HttpMethod.Get, $"background-tasks/{over.Id}", "wait=1");

        Assert.Equal("ready", over.State);
        Assert.NotNull(over.File);
        Assert.Equal("running", still.State);
        Assert.True(Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(0.9));

        async Task<ReportTask> Send(HttpMethod method, string path, string prefer, ReportRequest? body = null)
        {
            using var request = new HttpRequestMessage(method, path)
            {
                Headers = { { "Prefer", prefer } }, Content = body is null ? null : JsonContent.Create(body)
            };
            using var answer = await portal.SendAsync(request, Cancel);
            return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<ReportTask>(Cancel))!;
        }
    }

    [Fact]
    public async Task A_task_whose_worker_was_killed_is_written_again_from_its_beginning()
    {
        var (portal, id) = (office.Office.Portal(Austin), Guid.CreateVersion7());
        await office.Office.Sql("""
            with half as (insert into background_task (account, id, report, parameters, state, progress, staff, run_id, level, group_id,
              person_id, created_at, started_at)
              values ($1, $2, 'FIN-2', '{"from":"2026-01-01","to":"2026-01-31"}', 'running', 40, 'portal-admin@bluedolphin.example', $2,
                'admin', $2, $2, now(), now()))
            select 1
            """, Austin, id);
        await office.Office.Sql(
            """
            insert into background_task_part (account, task, number, content) select $1, $2, 900, 'half a row,'
              where exists (select from background_task where id = $2 and state = 'running')
            """, Austin, id);

        await Ready(portal, $"{id}");

        var file = await portal.GetStringAsync($"background-tasks/{id}/file", Cancel);
        Assert.Equal((await office.Generate(Austin, "FIN-2", new(new(2026, 1, 1), new(2026, 1, 31)))).About.Rows,
            file.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length - 1);
    }

    [Fact]
    public async Task A_staff_user_who_may_not_open_a_report_gets_none_generated()
    {
        var (portal, asked) = (office.Office.Portal(Austin), new ReportParameters(new(2026, 1, 1), new(2026, 1, 31)));
        await office.Office.Sql("update staff set portal_entry = true where account = $1 and email = $2", Austin,
            $"frontdesk@{Austin}.example");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, await As("user", $"frontdesk@{Austin}.example", "FIN-4"));
        Assert.Equal(HttpStatusCode.Accepted, await As("user", $"frontdesk@{Austin}.example", "FIN-2"));
        // not an admin's staff user
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await As("admin", $"frontdesk@{Austin}.example", "FIN-2"));
        // the portal may not enter as them
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await As("user", $"manager@{Austin}.example", "FIN-2"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await As("user", "nobody@bluedolphin.example", "FIN-2"));
        var refused = await ReportOffice.Ask(portal, Guid.CreateVersion7(), "FIN-2", asked with { To = new(2025, 1, 1) });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);

        async Task<HttpStatusCode> As(string level, string staff, string report)
        {
            using var answer = await ReportOffice.Ask(portal, Guid.CreateVersion7(), report, asked, level, staff);
            if (answer.StatusCode == HttpStatusCode.UnprocessableEntity)
                Assert.Contains("urn:account:not-permitted", await answer.Content.ReadAsStringAsync(Cancel));
            return answer.StatusCode;
        }
    }

    static Task Ready(HttpClient portal, string id) =>
        Eventually(async () => (await portal.GetFromJsonAsync<ReportTask>($"background-tasks/{id}", Cancel))!.State == "ready");

    async Task Account(string code, string zone = "America/Chicago", bool families = true)
    {
        await office.Office.Sql(
            """
            insert into account (code, name, owner, contact, locations, time_zone, country, issuer, enterprise_id,
              enterprise_name, client_id)
              select $1, $1, owner, contact, locations, $2, country, issuer, enterprise_id, enterprise_name, client_id
              from account where code = 'bluedolphin-austin'
            """, code, zone);
        await Sql(
            """
            insert into staff (account, email, name, full_permissions, portal_entry)
              values ($1, 'portal-admin@bluedolphin.example', 'Admin', true, true)
            """, code);
        if (families)
            await Sql("insert into family (account, id, name) values ($1, 1, 'Smith, Mary')", code);
    }

    Task Payment(string account, long id, string at, decimal amount) =>
        office.Office.Sql(
            """
            insert into payment (account, id, family, received_at, method, amount, status, taken_by)
              values ($1, $2, 1, $3::timestamptz, 'cash', $4, 'received', 'web')
            """, account, id, at, amount);

    Task Sql(string sql, string account) => office.Office.Sql(sql, account);
}
