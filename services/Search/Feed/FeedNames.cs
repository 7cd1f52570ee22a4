using System.Globalization;
using System.Net.Mime;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Search.Feed;

/// <summary>
/// Every name of every account in reach, one row each, for Power BI and the like (docs/power-bi.md). Columns are added at the end only, and
/// never renamed. In JSON a name is exactly as the account wrote it; in CSV a name that a spreadsheet would take for a formula has an
/// apostrophe before it.
/// </summary>
public static class FeedNames
{
    /// <param name="Kind"><c>level</c>, <c>program</c> or <c>charge-category</c>.</param>
    /// <param name="Uses">Classes or charges of this account that use it.</param>
    /// <param name="AccountsWithName">Accounts in reach that have exactly this name.</param>
    /// <param name="AsOf">The time of the account's snapshot.</param>
    public record Row(string Account, string AccountName, string Kind, string Name, int Uses, int AccountsWithName, DateTimeOffset? AsOf);

    static readonly string[] Kinds = ["level", "program", "charge-category"],
        Columns = ["account", "accountName", "kind", "name", "uses", "accountsWithName", "asOf"];

    public static void Map(RouteGroupBuilder feed)
    {
        feed.MapGet("/names.json", async Task<Results<Ok<List<Row>>, ValidationProblem>> (string? kind, Person person,
            DirectoryReplica directory, AccountNumbers numbers, SearchConnections connections, CancellationToken cancel) =>
            IsKnown(kind) ? TypedResults.Ok(await Read(kind, person, directory, numbers, connections, cancel)) : NoSuchKind())
                .WithName(nameof(FeedNames));
        feed.MapGet("/names.csv", async Task<Results<PushStreamHttpResult, ValidationProblem>> (string? kind, Person person,
            DirectoryReplica directory, AccountNumbers numbers, SearchConnections connections, CancellationToken cancel) =>
            IsKnown(kind) ? Csv(await Read(kind, person, directory, numbers, connections, cancel)) : NoSuchKind())
                .WithName("FeedNamesAsCsv");
    }

    static bool IsKnown(string? kind) => kind is null || Kinds.Contains(kind);

    static ValidationProblem NoSuchKind() => Refusal.Invalid("kind", $"A kind is {string.Join(", ", Kinds)}.");

    static async Task<List<Row>> Read(string? kind, Person person, DirectoryReplica directory, AccountNumbers numbers,
        SearchConnections connections, CancellationToken cancel)
    {
        var reach = directory.ReachOf(person);
        var reached = (await numbers.Of(reach, null, null, cancel))!;
        await using var command = connections.Source.CreateCommand(
            "select account_no, kind, name, uses, count(*) over (partition by kind, name)::int from account_name where account_no = "
            + "any($1) and kind = any($2)");
        command.Parameters.AddWithValue(reached.Numbers);
        command.Parameters.AddWithValue(kind is null ? Kinds : [kind]);
        var rows = new List<Row>();
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
        {
            var (number, code) = (row.GetInt32(0), reached.Code(row.GetInt32(0)));
            rows.Add(new(code, reach.Accounts[code].Name, row.GetString(1), row.GetString(2), row.GetInt32(3), row.GetInt32(4),
                reached.AsOf(number)));
        }
        return [.. rows.OrderBy(one => one.Kind, StringComparer.Ordinal).ThenBy(one => one.Name, StringComparer.Ordinal)
            .ThenBy(one => one.Account, StringComparer.Ordinal)];
    }

    static PushStreamHttpResult Csv(List<Row> rows) => TypedResults.Stream(async body =>
    {
        await using var csv = new CsvRows(body);
        await csv.Write(Columns);
        foreach (var row in rows)
            await csv.Write(row.Account, row.AccountName, row.Kind, row.Name, row.Uses.ToString(CultureInfo.InvariantCulture),
                row.AccountsWithName.ToString(CultureInfo.InvariantCulture), CsvRows.Moment(row.AsOf));
    }, $"{MediaTypeNames.Text.Csv}; charset=utf-8", "names.csv");
}
