using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.SignIn;
using static EnterprisePortal.Tests.Support.Demo;

namespace EnterprisePortal.Tests.Reports;

/// <summary>What a run comes to, looked at before any download.</summary>
public class FigureTests(ReportsService service) : IClassFixture<ReportsService>, IAsyncLifetime
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
    public async Task An_account_that_failed_or_lets_the_viewer_open_nothing_is_named_and_not_in_the_total()
    {
        offices.NotPermitted["bluedolphin-tampa"] = true;
        var run = await Made(EastUser);
        offices.NotPermitted.Clear();
        offices.NotPermitted["bluedolphin-boston"] = true;
        offices.Trouble["bluedolphin-albany"] = "down";

        var (figures, totals) = (await Figures(EastUser, run), await Totals(EastUser, run));
        offices.NotPermitted.Clear();
        offices.Trouble.Clear();

        Assert.Equal(("Deposits", "USD", Offices.Total("bluedolphin-charlotte")), (figures.Name, figures.Currency, figures.Total));
        Assert.Equal(["bluedolphin-charlotte"], figures.Accounts.Select(account => account.Account));
        Assert.Equal(["bluedolphin-albany", "bluedolphin-boston", "bluedolphin-tampa"],
            figures.Missing.Select(account => account.Account).Order());
        Assert.Equal("not permitted", figures.Missing.Single(account => account.Account == "bluedolphin-boston").Why);
        Assert.Equal((figures.Total, 3), (Assert.Single(totals).Total, totals[0].Missing));
    }

    [Fact]
    public async Task The_month_before_stands_beside_a_month_where_the_viewer_sees_a_run_of_it_with_the_same_filters()
    {
        var september = await Made(TumbleUser, new { from = "2026-09-01", to = "2026-09-30" });
        await Made(TumbleUser, new { from = "2026-09-01", to = "2026-09-30", program = "Swim" });
        // An Admin's run is not for Users to see.
        await Made(TumbleAdmin, new { from = "2026-09-01", to = "2026-09-30" });
        var october = await Made(TumbleUser, new { from = "2026-10-01", to = "2026-10-31" });
        var filtered = await Made(TumbleUser, new { from = "2026-10-01", to = "2026-10-31", staff = "Tom" });

        var figures = await Figures(TumbleUser, october);

        Assert.Equal(september, figures.Before?.Run);
        Assert.Equal(TumbleTime.Accounts.Sum(account => Offices.Total(account.Code)), figures.Before!.Total);
        Assert.All(figures.Accounts, account => Assert.Equal(account.Value, account.Before));
        Assert.Null((await Figures(TumbleUser, filtered)).Before);
        Assert.Null((await Figures(TumbleUser, september)).Before);
    }

    [Fact]
    public async Task A_run_before_that_lacks_one_of_the_accounts_is_not_compared_with()
    {
        offices.NotPermitted["bluedolphin-fresno"] = true;
        await Made(WestUser, new { from = "2026-05-01", to = "2026-05-31" });
        offices.NotPermitted.Clear();

        Assert.Null((await Figures(WestUser, await Made(WestUser, new { from = "2026-06-01", to = "2026-06-30" }))).Before);
    }

    [Fact]
    public async Task Who_does_not_see_a_run_gets_404_and_its_total_in_no_list_and_of_accounts_out_of_reach_nothing()
    {
        var run = await Made(RootUser);

        foreach (var stranger in new[] { TumbleUser, EastUser, WestUser })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await Get(stranger, $"{run}/figures")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await Get(stranger, $"{run}/rows")).StatusCode);
            Assert.Empty(await Totals(stranger, run));
        }
        // A User's run in East is seen from above, and an account that has left the reach is neither summed nor named.
        var east = await Made(EastUser);
        await service.Given(BlueDolphin with
        {
            Groups = [BlueDolphin.Groups[0], BlueDolphin.Groups[1] with { Accounts = ["bluedolphin-boston"] }, BlueDolphin.Groups[2]]
        });
        var (figures, rows) = (await Figures(EastUser, east), await Rows(EastUser, east));
        await service.Given(BlueDolphin);

        Assert.Equal((Offices.Total("bluedolphin-boston"), 0), (figures.Total, figures.Missing.Count));
        Assert.All(rows.Rows, row => Assert.Equal("bluedolphin-boston", row.Account));
        Assert.Equal((3, 0), (rows.Total, rows.Missing.Count));
    }

    [Fact]
    public async Task Accounts_with_several_currencies_are_not_added_up()
    {
        await service.Given(TumbleTime with
        {
            Accounts = [.. TumbleTime.Accounts.Select((account, at) => account with { Country = at == 0 ? "CA" : "US" })]
        });
        var figures = await Figures(TumbleUser, await Made(TumbleUser));
        await service.Given(TumbleTime);

        Assert.Equal((null, null, 4), (figures.Total, figures.Currency, figures.Accounts.Count));
        Assert.Equal(["CAD", "USD"], figures.Accounts.Select(account => account.Currency).Distinct().Order());
    }

    [Fact]
    public async Task The_combined_table_is_looked_at_page_by_page_and_sorted_and_every_look_is_logged()
    {
        var run = await Made(TumbleUser);
        var csv = (await service.Combined(TumbleUser, run)).Skip(1).ToList();

        var pages = new List<RunRow>();
        for (var offset = 0; offset < csv.Count; offset += 5)
            pages.AddRange((await Rows(TumbleUser, run, $"offset={offset}&limit=5")).Rows);
        Assert.Equal(csv.Select(row => row.Split(',')[^2]), pages.Select(row => row.Fields[3]));
        Assert.Equal(csv.Select(row => row.Split(',')[0]), pages.Select(row => row.Account));

        var amounts = pages.Select(row => decimal.Parse(row.Fields[3], CultureInfo.InvariantCulture)).Order().ToList();
        Assert.Equal(amounts, Amounts(await Rows(TumbleUser, run, "sort=Amount")));
        Assert.Equal(amounts.AsEnumerable().Reverse().Skip(2).Take(3),
            Amounts(await Rows(TumbleUser, run, "sort=-Amount&offset=2&limit=3")));
        Assert.Equal(csv.Count, (await Rows(TumbleUser, run, "offset=100")).Total);
        Assert.Empty((await Rows(TumbleUser, run, "offset=100&sort=account")).Rows);
        Assert.Equal(HttpStatusCode.BadRequest, (await Get(TumbleUser, $"{run}/rows?sort=Nothing")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Get(TumbleUser, $"{run}/rows?offset=10001")).StatusCode);
        Assert.Equal("Bank Deposit (FIN-2), table",
            (await service.Published<ActivityRecorded>(activity => activity.Action == "report.viewed")).Subject);

        static IEnumerable<decimal> Amounts(RunRows rows) =>
            rows.Rows.Select(row => decimal.Parse(row.Fields[3], CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("2026-10-01", "2026-10-31", "2026-09-01", "2026-09-30"), InlineData("2026-02-01", "2026-02-28", "2026-01-01", "2026-01-31")]
    [InlineData("2026-10-01", "2026-10-15", "2026-09-01", "2026-09-15"), InlineData("2026-07-01", "2026-09-30", "2026-04-01", "2026-06-30")]
    [InlineData("2026-10-05", "2026-10-11", "2026-09-28", "2026-10-04"), InlineData("2026-03-01", "2026-03-30", "2026-02-01", "2026-02-28")]
    public void Days_are_compared_with_those_that_a_person_means(string from, string to, string fromBefore, string toBefore)
    {
        var before = EnterprisePortal.Reports.Figures.PeriodBefore.Of(new(Day(from), Day(to), Program: "Swim"));

        Assert.Equal(new ReportParameters(Day(fromBefore), Day(toBefore), Program: "Swim"), before);
        Assert.Equal(new ReportParameters(AsOf: Day("2026-02-28")),
            EnterprisePortal.Reports.Figures.PeriodBefore.Of(new(AsOf: Day("2026-03-31"))));

        static DateOnly Day(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);
    }

    async Task<Guid> Made(Person person, object? parameters = null)
    {
        var run = await service.Start(person, parameters: parameters);
        await service.Finished(person, run);
        return run;
    }

    Task<HttpResponseMessage> Get(Person person, string path) =>
        service.SignedInAs(person).GetAsync($"/api/reports/runs/{path}", Cancel);

    async Task<RunFigures> Figures(Person person, Guid run) =>
        (await service.SignedInAs(person).GetFromJsonAsync<RunFigures>($"/api/reports/runs/{run}/figures", Cancel))!;

    async Task<RunRows> Rows(Person person, Guid run, string query = "") =>
        (await service.SignedInAs(person).GetFromJsonAsync<RunRows>($"/api/reports/runs/{run}/rows?{query}", Cancel))!;

    async Task<IReadOnlyList<RunTotal>> Totals(Person person, Guid run) =>
        (await service.SignedInAs(person).GetFromJsonAsync<Page<RunTotal>>($"/api/reports/runs/totals?run={run}", Cancel))!.Items;
}
