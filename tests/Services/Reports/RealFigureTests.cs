using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Tests.OfficePortal;
using MiniExcelLibs;
using static EnterprisePortal.Tests.OfficePortal.DataOffice;
using static EnterprisePortal.Tests.Support.Demo;

namespace EnterprisePortal.Tests.Reports;

/// <summary>Runs over two real accounts of the demo world; the others refuse.</summary>
public class RealFigureTests(ReportsService service, ReportOffice accounts)
    : IClassFixture<ReportsService>, IClassFixture<ReportOffice>, IAsyncLifetime
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await service.Given(BlueDolphin, TumbleTime);
        service.Outbound.Answer("office.example", async (request, cancel) =>
        {
            var path = request.RequestUri!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
            if (path[0] is not (Austin or Denver))
                return new(HttpStatusCode.UnprocessableEntity);
            var passed = new HttpRequestMessage(request.Method, string.Join('/', path[4..]));
            if (request.Content is { } content)
                passed.Content = new StringContent(await content.ReadAsStringAsync(cancel), content.Headers.ContentType!);
            return await accounts.Office.Portal(path[0]).SendAsync(passed, cancel);
        });
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    public static TheoryData<string> Reports => [.. ReportCatalogue.All.Select(report => report.Code)];

    [Theory, MemberData(nameof(Reports))]
    public async Task The_figure_of_each_report_is_that_of_the_workbook_to_the_cent(string code)
    {
        var report = ReportCatalogue.Find(code)!;
        object parameters = report.Dates == ReportDates.Day
            ? new { asOf = "2026-02-28" } : new { from = "2026-02-01", to = "2026-02-28" };
        var run = await service.Start(WestUser, code, parameters);
        await service.Finished(WestUser, run);
        var http = service.SignedInAs(WestUser);

        var figures = (await http.GetFromJsonAsync<RunFigures>($"/api/reports/runs/{run}/figures", Cancel))!;
        var workbook = await http.GetByteArrayAsync($"/api/reports/runs/{run}/combined.xlsx", Cancel);

        var rows = Sheet(workbook, "Report").Where(row => !row.TryGetValue("Section", out var section)
            || !report.OutsideTotal.Contains((string)section)).ToList();
        Assert.NotEmpty(rows);
        Assert.Equal(Sum(rows), figures.Total);
        Assert.Equal(rows.Count, figures.Rows);
        Assert.All(figures.Accounts, account =>
            Assert.Equal(Sum(rows.Where(row => (string)row["Account"] == account.Account)), account.Value));
        var total = Sheet(workbook, "Totals").Single(row => (string)row["Account"] == "All accounts");
        Assert.Equal(Cents(total[report.Figure.Column ?? "Rows"]), figures.Total);
        Assert.Equal(["bluedolphin-fresno", "bluedolphin-tucson"], figures.Missing.Select(account => account.Account));

        decimal Sum(IEnumerable<IDictionary<string, object>> some) =>
            report.Figure.Column is { } column ? some.Sum(row => Cents(row[column])) : some.Count();
    }

    // A cell is a floating-point number; its text in the file is exact.
    static decimal Cents(object? cell) => Math.Round(Convert.ToDecimal(cell ?? 0m, null), 2);

    static List<IDictionary<string, object>> Sheet(byte[] workbook, string name) =>
        [.. new MemoryStream(workbook).Query(useHeaderRow: true, sheetName: name).Cast<IDictionary<string, object>>()];
}
