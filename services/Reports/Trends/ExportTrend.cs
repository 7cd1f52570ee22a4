using System.Globalization;
using System.Net.Mime;
using EnterprisePortal.Reports.Files;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Reports.Trends;

/// <summary>A row for each account and period, of every account: what the page adds up.</summary>
public static class ExportTrend
{
    public static void Map(RouteGroupBuilder trends) => trends.MapGet("/export.csv", Handle).WithName(nameof(ExportTrend));

    static async Task<Results<PushStreamHttpResult, NotFound, ValidationProblem>> Handle(
        [AsParameters] TrendQuery query, TrendFigures figures, Person person, HttpContext http, CancellationToken cancel)
    {
        if (query.Problem() is { } problem)
            return problem;
        if (await figures.Read(query, person, cancel, asFile: true) is not { } found)
            return TypedResults.NotFound();
        CombineRun.NameLeftOut(http, found.Missing.Select(account => new ReleasedFiles.LeftOut(account.Account, account.Why)));
        return TypedResults.Stream(async body =>
        {
            await using var csv = new CsvRows(body, forSpreadsheets: true);
            await csv.Write("from", "to", "account", "accountName", "measure", "value", "currency");
            foreach (var account in found.Accounts)
                foreach (var (at, period) in found.Periods.Index())
                    if (account.Points[at] is { } value)
                        await csv.WriteExactly(Iso(period.From), Iso(period.To), account.Code, CsvRows.Harmless(account.Name),
                            found.Measure.Name, value.ToString(CultureInfo.InvariantCulture), account.Currency);
        }, $"{MediaTypeNames.Text.Csv}; charset=utf-8", $"{found.Measure.Name} {Iso(found.From)} {Iso(found.To)}.csv");
    }

    static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
