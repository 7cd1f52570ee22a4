using System.Globalization;
using System.Net.Mime;
using System.Runtime.CompilerServices;
using Dapper;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Reports.Files;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.Reports.Feed;

/// <summary>
/// What every day of every account in reach came to, for Power BI and the like (docs/power-bi.md), streamed. A figure of a report that the
/// person may not open in the account is empty. Columns are added at the end only.
/// </summary>
public static class FeedTrends
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <param name="Currency">ISO 4217, of the deposits.</param>
    public record Row(
        string Account, string AccountName, DateOnly Day, int? Families, int? ActiveEnrollments, int? NewEnrollments, int? Drops,
        decimal? Deposits, string? Currency);

    static readonly string[] Columns =
        ["account", "accountName", "day", "families", "activeEnrollments", "newEnrollments", "drops", "deposits", "currency"];

    public static void Map(RouteGroupBuilder feed)
    {
        feed.MapGet("/trends.json", AsJson).OnlyQuery("from").WithName(nameof(FeedTrends));
        feed.MapGet("/trends.csv", AsCsv).OnlyQuery("from").WithName("FeedTrendsAsCsv");
    }

    static async Task<Ok<IAsyncEnumerable<Row>>> AsJson(
        DateOnly? from, OpenReports open, NpgsqlDataSource db, DirectoryReplica directory, Person person, HttpContext http,
        CancellationToken cancel) =>
        TypedResults.Ok(await Rows(from, open, db, directory, person, http, cancel));

    static async Task<PushStreamHttpResult> AsCsv(
        DateOnly? from, OpenReports open, NpgsqlDataSource db, DirectoryReplica directory, Person person, HttpContext http,
        CancellationToken cancel)
    {
        var rows = await Rows(from, open, db, directory, person, http, cancel);
        return TypedResults.Stream(async body =>
        {
            await using var csv = new CsvRows(body);
            await csv.Write(Columns);
            await foreach (var row in rows)
                await csv.WriteExactly(row.Account, CsvRows.Harmless(row.AccountName), Text(row.Day), Text(row.Families),
                    Text(row.ActiveEnrollments), Text(row.NewEnrollments), Text(row.Drops), Text(row.Deposits), row.Currency);
        }, $"{MediaTypeNames.Text.Csv}; charset=utf-8", "trends.csv");
    }

    static string? Text(IFormattable? value) => value?.ToString(value is DateOnly ? "yyyy-MM-dd" : null, CultureInfo.InvariantCulture);

    static async Task<IAsyncEnumerable<Row>> Rows(
        DateOnly? from,
        OpenReports open,
        NpgsqlDataSource db,
        DirectoryReplica directory,
        Person person,
        HttpContext http,
        CancellationToken cancel)
    {
        var reach = directory.ReachOf(person);
        var reports = TrendMeasure.All.Select(measure => measure.Report).OfType<string>();
        var whyNot = await open.WhyNot(
            reports.SelectMany(report => reach.Codes.Select(code => (code, report))), person, reach, Deadline, cancel, anew: true);
        CombineRun.NameLeftOut(http, whyNot.Where(one => one.Value is not null)
            .OrderBy(one => one.Key.Account, StringComparer.Ordinal).ThenBy(one => one.Key.Report, StringComparer.Ordinal)
            .Select(one => new ReleasedFiles.LeftOut($"{one.Key.Account} {one.Key.Report}", one.Value!)));
        return Read(from, db, reach, Those, cancel);

        string[] Those(string measure) =>
            [.. reach.Codes.Where(code => whyNot[(code, TrendMeasure.Find(measure)!.Report!)] is null)];
    }

    static async IAsyncEnumerable<Row> Read(
        DateOnly? from, NpgsqlDataSource db, Reach reach, Func<string, string[]> those, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        var rows = connection.QueryUnbufferedAsync<Row>(
            """
            select account, '' as account_name, day, families, active_enrollments,
              case when account = any(@enrolled) then new_enrollments end as new_enrollments,
              case when account = any(@dropped) then drops end as drops,
              case when account = any(@deposited) then deposits end as deposits, null::text as currency
            from account_day where account = any(@Codes) and (@from::date is null or day >= @from) order by account, day
            """,
            new
            {
                reach.Codes, from, enrolled = those("new-enrollments"), dropped = those("drops"), deposited = those(TrendMeasure.Money)
            });
        await foreach (var row in rows.WithCancellation(cancel))
            yield return row with
            {
                AccountName = reach.Accounts[row.Account].Name,
                Currency = row.Deposits is null ? null : CurrencyFormat.Code(reach.Accounts[row.Account].Country)
            };
    }
}
