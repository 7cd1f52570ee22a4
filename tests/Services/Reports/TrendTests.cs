using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Contracts.Sync;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Tests.Support;
using static EnterprisePortal.Tests.Support.Demo;

namespace EnterprisePortal.Tests.Reports;

/// <summary>West's accounts, each with 60 days of figures; East's send none.</summary>
public class TrendTests(ReportsService service) : IClassFixture<ReportsService>, IAsyncLifetime
{
    const string Austin = "bluedolphin-austin", Denver = "bluedolphin-denver", Boston = "bluedolphin-boston";
    static readonly DateOnly Last = new(2026, 10, 31);
    Offices offices = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        offices = await service.WithOffices();
        foreach (var (code, at) in BlueDolphin.Groups.Single(group => group.Id == WestId).Accounts.Select((code, at) => (code, at)))
            await Kept(code, [.. Enumerable.Range(0, 60).Select(before => Day(before, 100 * (at + 1) - before))]);
        await Kept(Boston, [new(Last, 77, null, null, null, null)], sent: false);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    static DayFigures Day(int before, int families) => new(Last.AddDays(-before), families, families + 20, 3, 1, 10.25m);

    int published;

    /// <summary>Publishes what a newer snapshot says, and waits until it is there.</summary>
    async Task Kept(string account, DayFigures[] days, bool sent = true, DateTimeOffset? takenAt = null)
    {
        var at = takenAt ?? new DateTimeOffset(2026, 11, 1, 8, 0, 0, TimeSpan.Zero).AddMinutes(++published);
        await service.Bus.Publish(new FiguresRead(account, at, sent, days));
        await Wait.Eventually(async () => await service.Texts(
            $"select account from account_figures where account = '{account}' and taken_at >= '{at:O}'") is [_]);
    }

    async Task<Trend> Read(Person person, string query) =>
        (await service.SignedInAs(person).GetFromJsonAsync<Trend>($"/api/trends?{query}", Cancel))!;

    [Fact]
    public async Task Days_that_add_up_are_compared_with_as_many_before()
    {
        var trend = await Read(WestUser, "measure=deposits&days=30");

        Assert.Equal((new DateOnly(2026, 10, 2), Last, "day", "USD"), (trend.From, trend.To, trend.By, trend.Currency));
        Assert.Equal((4 * 30 * 10.25m, 4 * 30 * 10.25m), (trend.Value, trend.Before));
        Assert.Equal(30, trend.Total.Count);
        Assert.All(trend.Total, point => Assert.Equal(41m, point.Value));
        Assert.Null((await Read(WestUser, "measure=deposits&days=31")).Before);
    }

    [Fact]
    public async Task What_an_account_has_is_that_of_the_last_day_and_compared_with_the_last_day_before()
    {
        var trend = await Read(WestUser, $"measure=families&from=2026-10-05&to=2026-10-31&by=week&account={Denver}");

        Assert.Equal((100m + 200 + 300 + 400, 1000m - (4 * 27)), (trend.Value, trend.Before));
        var denver = trend.Accounts.Single(account => account.Account == Denver);
        Assert.Equal([180m, 187m, 194m, 200m], denver.Points!.Select(point => point!.Value));
        Assert.All(trend.Accounts.Where(account => account != denver), account => Assert.Null(account.Points));
        Assert.Equal((new DateOnly(2026, 10, 26), Last), (trend.Total[^1].From, trend.Total[^1].To));
    }

    [Fact]
    public async Task An_account_that_sends_no_figures_has_the_families_that_were_counted_and_nothing_else()
    {
        var families = (await Read(EastUser, "measure=families&days=10")).Accounts;
        var drops = await Read(EastUser, "measure=drops&days=10");

        var boston = families.Single(account => account.Account == Boston);
        Assert.Equal((77m, false, Last, (decimal?)null), (boston.Value, boston.IsSent, boston.Since, boston.Before));
        Assert.All(drops.Accounts, account => Assert.Null(account.Value));
        Assert.Null(drops.Value);
    }

    [Fact]
    public async Task A_snapshot_told_twice_counts_once_and_an_older_one_does_not_count()
    {
        await Kept(Austin, [Day(0, 100), Day(1, 99) with { Drops = 4 }]);
        var newest = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await Kept(Austin, [Day(0, 111) with { Deposits = null }], takenAt: newest);
        await service.Bus.Publish(new FiguresRead(Austin, newest, true, [Day(0, 222)]));
        await service.Bus.Publish(new FiguresRead(Austin, newest.AddDays(-1), true, [Day(0, 333)]));
        await Kept(Denver, [Day(0, 200)]); // After those, on the same queue or soon enough.
        await Task.Delay(300, Cancel);

        Assert.Equal(["60"], await service.Texts($"select count(*)::text from account_day where account = '{Austin}'"));
        Assert.Equal(["111 10.25 4"], await service.Texts(
            $"""
            select families || ' ' || deposits || ' ' || (select drops from account_day where account = '{Austin}' and day = '2026-10-30')
            from account_day where account = '{Austin}' and day = '2026-10-31'
            """));
        await service.Execute($"delete from account_figures where account = '{Austin}'");
    }

    [Fact]
    public async Task A_figure_of_a_report_is_only_for_who_may_open_that_report_in_the_account()
    {
        offices.NotPermitted["bluedolphin-tucson"] = true;
        offices.Trouble["bluedolphin-fresno"] = "down";
        var person = WestUser with { Id = Guid.CreateVersion7() }; // Nobody has asked for them yet.

        var (deposits, families) = (await Read(person, "measure=deposits&days=30"), await Read(person, "measure=families&days=30"));
        using var csv = await service.SignedInAs(person).GetAsync("/api/trends/export.csv?measure=deposits&days=30", Cancel);
        using var feed = await service.SignedInAs(person).GetAsync("/api/feed/trends.json?from=2026-10-31", Cancel);
        var rows = (await feed.Content.ReadFromJsonAsync<List<JsonElement>>(Cancel))!;
        offices.NotPermitted.Clear();
        offices.Trouble.Clear();

        Assert.Equal([Austin, Denver], deposits.Accounts.Select(account => account.Account));
        Assert.Equal(["bluedolphin-fresno", "bluedolphin-tucson"], deposits.Missing.Select(account => account.Account));
        Assert.Equal(MissingAccount.NotPermitted, deposits.Missing[1].Why);
        Assert.Equal((4, 0), (families.Accounts.Count, families.Missing.Count));
        Assert.Equal(deposits.Value, Values(await csv.Content.ReadAsStringAsync(Cancel)).Sum());
        Assert.Contains("bluedolphin-tucson: not permitted", csv.Headers.GetValues("X-Left-Out").Single());
        Assert.Equal(4, rows.Count);
        var tucson = rows.Single(row => row.GetProperty("account").GetString() == "bluedolphin-tucson");
        Assert.Equal((300, JsonValueKind.Null, JsonValueKind.Null), (tucson.GetProperty("families").GetInt32(),
            tucson.GetProperty("deposits").ValueKind, tucson.GetProperty("drops").ValueKind));
        Assert.Equal(10.25m, rows.Single(row => row.GetProperty("account").GetString() == Denver).GetProperty("deposits").GetDecimal());
    }

    [Theory]
    [InlineData("measure=families&days=60&by=month")]
    [InlineData("measure=drops&days=45&by=week")]
    [InlineData("measure=deposits")]
    public async Task The_csv_adds_up_to_the_page(string query)
    {
        var trend = await Read(WestUser, query);
        var csv = await service.SignedInAs(WestUser).GetStringAsync($"/api/trends/export.csv?{query}", Cancel);

        Assert.Equal(trend.Total.Sum(point => point.Value), Values(csv).Sum());
    }

    [Theory]
    [InlineData("group=00000000-0000-0000-0000-000000000000", HttpStatusCode.NotFound)]
    [InlineData($"account={Boston}", HttpStatusCode.NotFound)]
    [InlineData("account=tumbletime-omaha", HttpStatusCode.NotFound)]
    [InlineData("measure=profit", HttpStatusCode.BadRequest)]
    [InlineData("by=hour", HttpStatusCode.BadRequest)]
    [InlineData("days=0", HttpStatusCode.BadRequest)]
    [InlineData("from=2026-10-02&to=2026-10-01", HttpStatusCode.BadRequest)]
    [InlineData("from=2010-10-02&to=2026-10-01", HttpStatusCode.BadRequest)]
    [InlineData("from=0001-01-01", HttpStatusCode.BadRequest)]
    [InlineData("to=9999-12-31", HttpStatusCode.BadRequest)]
    [InlineData("account=a&account=b&account=c&account=d&account=e&account=f&account=g", HttpStatusCode.BadRequest)]
    public async Task What_is_out_of_reach_does_not_exist_and_what_makes_no_sense_is_refused(string query, HttpStatusCode status)
    {
        foreach (var address in new[] { "/api/trends", "/api/trends/export.csv" })
            Assert.Equal(status, (await service.SignedInAs(WestUser).GetAsync($"{address}?{query}", Cancel)).StatusCode);
    }

    static IEnumerable<decimal> Values(string csv) => csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1)
        .Select(line => decimal.Parse(line.Split(',')[5], CultureInfo.InvariantCulture));
}
