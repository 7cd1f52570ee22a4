using System.Globalization;
using System.Net.Mime;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Reports.Runs;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Reports.Feed;

/// <summary>Runs that the person may see, one row for each account, newest first, for Power BI and the like (docs/power-bi.md). Columns are
/// added at the end only.</summary>
public static class FeedRuns
{
    const int Most = 1000;

    /// <param name="Rows">Rows of the account's file, once ready.</param>
    public record Row(Guid Run, string Report, string ReportName, string By, string ByLevel, DateTimeOffset CreatedAt,
        DateTimeOffset? FinishedAt, DateOnly? From, DateOnly? To, DateOnly? AsOf,
        string Account, string AccountName, string State, string? Problem, int? Rows);

    static readonly string[] Columns =
        ["run", "report", "reportName", "by", "byLevel", "createdAt", "finishedAt", "from", "to", "asOf", "account", "accountName", "state",
            "problem", "rows"];

    public static void Map(RouteGroupBuilder feed)
    {
        feed.MapGet("/reports.json", AsJson).OnlyQuery("report").WithName(nameof(FeedRuns));
        feed.MapGet("/reports.csv", AsCsv).OnlyQuery("report").WithName("FeedRunsAsCsv");
    }

    static async Task<Results<Ok<List<Row>>, ValidationProblem>> AsJson(
        string? report, ReportsDb db, DirectoryReplica directory, Person person, CancellationToken cancel) =>
        IsUnknown(report) ? NoSuchReport : TypedResults.Ok(await Read(report, db, directory.ReachOf(person), person, cancel));

    static async Task<Results<PushStreamHttpResult, ValidationProblem>> AsCsv(
        string? report, ReportsDb db, DirectoryReplica directory, Person person, CancellationToken cancel) =>
        IsUnknown(report) ? NoSuchReport : Csv(await Read(report, db, directory.ReachOf(person), person, cancel));

    static ValidationProblem NoSuchReport => Refusal.Invalid("report", NewRun.NoSuchReport);

    static bool IsUnknown(string? report) => report is not null && ReportCatalogue.Find(report) is null;

    static async Task<List<Row>> Read(string? report, ReportsDb db, Reach reach, Person person, CancellationToken cancel)
    {
        var runs = await db.Runs.AsNoTracking().VisibleTo(person, reach).Where(run => report == null || run.Report == report)
            .OrderByDescending(run => run.Id).Take(Most)
            .Include(run => run.Accounts.Where(account => reach.Codes.Contains(account.Account))).ToListAsync(cancel);
        return [.. runs.Select(run => (run.FinishedAt, Item: RunItem.Of(run, reach)))
            .SelectMany(run => run.Item.Accounts.Select(account => new Row(run.Item.Id, run.Item.Report, run.Item.ReportName,
            run.Item.By, run.Item.ByLevel, run.Item.CreatedAt, run.FinishedAt, run.Item.Parameters.From, run.Item.Parameters.To,
            run.Item.Parameters.AsOf,
            account.Account, account.AccountName, account.State, account.Problem, account.Rows)))];
    }

    static PushStreamHttpResult Csv(List<Row> rows) => TypedResults.Stream(async body =>
    {
        await using var csv = new CsvRows(body);
        await csv.Write(Columns);
        foreach (var row in rows)
            await csv.Write(row.Run.ToString(), row.Report, row.ReportName, row.By, row.ByLevel, CsvRows.Moment(row.CreatedAt),
                CsvRows.Moment(row.FinishedAt), Day(row.From), Day(row.To), Day(row.AsOf),
                row.Account, row.AccountName, row.State, row.Problem, row.Rows?.ToString(CultureInfo.InvariantCulture));
    }, $"{MediaTypeNames.Text.Csv}; charset=utf-8", "reports.csv");

    static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
