using System.ComponentModel.DataAnnotations;
using System.Globalization;
using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Reports.Files;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Reports.Figures;

/// <summary>
/// A page of the combined table, to look at before any download. The files are read as streams: files before the page are skipped whole,
/// and a sorted page keeps no more rows than come before its end. A longer table is for the downloads.
/// </summary>
public static class ReadRows
{
    const int Deepest = 10_000, MostSorted = 100_000, Default = 50;

    /// <param name="Sort">A column's name, or <c>account</c>; with a minus before it, descending. Absent: as in the downloads.</param>
    // On the property: see PageQuery.
    public record Asked([property: Range(0, Deepest)] int? Offset, [property: Range(1, 200)] int? Limit, string? Sort);

    public static void Map(RouteGroupBuilder runs) => runs.MapGet("/{id:guid}/rows", Handle).WithName(nameof(ReadRows));

    static async Task<Results<Ok<RunRows>, NotFound, ValidationProblem, ProblemHttpResult>> Handle(
        Guid id,
        [AsParameters] Asked asked,
        ReleasedFiles released,
        Combination combination,
        DirectoryReplica directory,
        Person person,
        CancellationToken cancel)
    {
        var reach = directory.ReachOf(person);
        if (await released.Of(id, person, reach, cancel) is not { } release)
            return TypedResults.NotFound();
        if ((release.NothingToOpen() ?? release.NotOneTable()) is { } why)
            return why;
        var (offset, limit, columns) = (asked.Offset ?? 0, asked.Limit ?? Default, release.Files[0].About.Columns);
        var order = RowOrder.Of(asked.Sort, columns);
        if (order is null && !string.IsNullOrEmpty(asked.Sort))
            return Refusal.Invalid("sort", "The table has no such column.");
        var total = release.Files.Sum(file => file.About.Rows);
        if (order is not null && total > MostSorted)
            return Refusal.Of("too-many-rows", $"A table of more than {MostSorted:N0} rows is not sorted here. Take the workbook.");
        await released.Record(release, person, AuditActions.ReportViewed, "table", cancel);

        var named = new Naming(reach);
        var rows = order is null ? await Next(offset, limit) : await First(offset, limit, order);
        return TypedResults.Ok(new RunRows(columns, rows, offset, total, Math.Min(total, Deepest + limit), total <= MostSorted,
            [.. named.Missing(release)]));

        async Task<IReadOnlyList<RunRow>> Next(int skip, int take)
        {
            var page = new List<RunRow>();
            foreach (var file in release.Files)
            {
                if (page.Count == take)
                    break;
                if (skip >= file.About.Rows)
                {
                    skip -= file.About.Rows;
                    continue;
                }
                await foreach (var row in Rows(file, skip))
                    if (page.Count < take)
                        page.Add(row);
                    else
                        break;
                skip = 0;
            }
            return page;
        }

        async Task<IReadOnlyList<RunRow>> First(int skip, int take, RowOrder by)
        {
            // The last of those kept comes out first.
            var kept = new PriorityQueue<RunRow, RowOrder.Key>(Comparer<RowOrder.Key>.Create((one, other) => by.Compare(other, one)));
            var place = 0;
            foreach (var file in release.Files)
                await foreach (var row in Rows(file, 0))
                    if (kept.Count < skip + take)
                        kept.Enqueue(row, by.KeyOf(row, place++));
                    else
                        kept.EnqueueDequeue(row, by.KeyOf(row, place++));
            var ordered = new RunRow[kept.Count];
            for (var last = ordered.Length - 1; last >= 0; last--)
                ordered[last] = kept.Dequeue();
            return ordered[Math.Min(skip, ordered.Length)..];
        }

        async IAsyncEnumerable<RunRow> Rows(ReleasedFiles.File file, int skip)
        {
            using var reader = combination.Rows(release, file, cancel);
            await reader.ReadAsync();
            for (var number = 0; await reader.ReadAsync(); number++)
            {
                cancel.ThrowIfCancellationRequested();
                if (number >= skip)
                    yield return new(file.Account, named.Account(file.Account),
                        [.. file.About.Columns.Select((_, at) => reader.GetField(at) ?? "")]);
            }
        }
    }
}

/// <summary>By one column; rows without a value come last in both directions, and equal ones keep their order.</summary>
sealed class RowOrder(int column, bool isNumber, bool descending)
{
    const int Account = -1;

    public readonly record struct Key(decimal? Number, string? Text, int Place);

    /// <returns>null if there is no such column.</returns>
    public static RowOrder? Of(string? sort, IReadOnlyList<ReportColumn> columns)
    {
        var (name, descending) = sort is ['-', .. var rest] ? (rest, true) : (sort, false);
        var at = name == "account" ? Account : columns.Select(column => column.Name).ToList().IndexOf(name ?? "");
        return at < 0 && name != "account" ? null : new(at, at >= 0 && columns[at].Kind is "money" or "number", descending);
    }

    public Key KeyOf(RunRow row, int place) => (column == Account ? row.AccountName : row.Fields[column]) switch
    {
        "" => new(null, null, place),
        var text when isNumber => new(decimal.Parse(text, CultureInfo.InvariantCulture), null, place),
        var text => new(null, text, place)
    };

    public int Compare(Key one, Key other)
    {
        var empty = (one is { Number: null, Text: null }).CompareTo(other is { Number: null, Text: null });
        if (empty != 0)
            return empty;
        var values = isNumber ? Nullable.Compare(one.Number, other.Number)
            : string.Compare(one.Text, other.Text, StringComparison.OrdinalIgnoreCase);
        return values != 0 ? (descending ? -values : values) : one.Place.CompareTo(other.Place);
    }
}
