using System.Globalization;
using System.Net.Mime;
using System.Text.Json;
using CsvHelper;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Reports.Files;

/// <summary>
/// All accounts in one table with the account's code as first column, streamed row by row: as CSV without totals, for programs, or as a
/// workbook.
/// </summary>
public static class CombineRun
{
    const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>Names the accounts that are not in the file, with the reason: <c>bluedolphin-tampa: not permitted</c>.</summary>
    const string LeftOutHeader = "X-Left-Out";
    // Proxies refuse answers with longer headers.
    const int LongestHeader = 4000;

    public static void Map(RouteGroupBuilder runs)
    {
        runs.MapGet("/{id:guid}/combined.csv",
            (Guid id, Combination combination, ReleasedFiles released, DirectoryReplica directory, Person person, HttpContext http,
                CancellationToken cancel) =>
            Answer(id, released, directory, person, http, "csv", $"{MediaTypeNames.Text.Csv}; charset=utf-8", combination.WriteCsv, cancel))
                .WithName("CombineAsCsv");
        runs.MapGet("/{id:guid}/combined.xlsx",
            (Guid id, CombinedWorkbook workbook, ReleasedFiles released, DirectoryReplica directory, Person person, HttpContext http,
                CancellationToken cancel) =>
            Answer(id, released, directory, person, http, "xlsx", Xlsx, workbook.Write, cancel)).WithName("CombineAsWorkbook");
    }

    internal static async Task<Results<PushStreamHttpResult, NotFound, ProblemHttpResult>> Answer(
        Guid id,
        ReleasedFiles released,
        DirectoryReplica directory,
        Person person,
        HttpContext http,
        string extension,
        string type,
        Func<ReleasedFiles.Released, Stream, CancellationToken, Task> write,
        CancellationToken cancel)
    {
        if (await released.Of(id, person, directory.ReachOf(person), cancel) is not { } release)
            return TypedResults.NotFound();
        if (release.NothingToOpen() is { } why)
            return why;
        if (release.NotOneTable() is { } differ)
            return differ;
        if (extension == "xlsx" && release.Files.FirstOrDefault(file => file.About.Rows > CombinedWorkbook.RowsOfASheet) is { } tall)
            return Refusal.Of("too-many-rows", $"The report of {tall.Account} has more rows than a workbook holds. Take the CSV.");
        NameLeftOut(http, release.Missing);
        await released.Record(release, person, extension switch { "csv" => "CSV", "json" => "JSON", _ => "workbook" }, cancel);
        return StreamedBody.Of(body => write(release, body, cancel), type, $"{release.FileName()}.{extension}", cancel);
    }

    internal static void NameLeftOut(HttpContext http, IEnumerable<ReleasedFiles.LeftOut> missing)
    {
        var named = missing.Select(account => $"{account.Account}: {account.Why}").ToList();
        if (named.Count > 0)
            http.Response.Headers[LeftOutHeader] = InAHeader(string.Join("; ", named) is { Length: <= LongestHeader } words
                ? words : $"{named.Count} accounts; the portal names them");
    }

    // An account's own words may contain any character; a header allows ASCII.
    static string InAHeader(string words) => new([.. words.Select(letter => letter is >= ' ' and <= '~' ? letter : '?')]);
}

sealed class Combination(ReportFiles files)
{
    const int Piece = 64 * 1024;

    /// <summary>For people, who open it with a double click.</summary>
    public Task WriteCsv(ReleasedFiles.Released release, Stream body, CancellationToken cancel) =>
        Write(release, new CsvRows(body, forSpreadsheets: true), cancel);

    /// <summary>For programs.</summary>
    public Task WriteFeed(ReleasedFiles.Released release, Stream body, CancellationToken cancel) =>
        Write(release, new CsvRows(body), cancel);

    async Task Write(ReleasedFiles.Released release, CsvRows csv, CancellationToken cancel)
    {
        await using var written = csv;
        await csv.Write(release.Files[0].About.Columns.Select(column => column.Name).Prepend("account"));
        foreach (var file in release.Files)
        {
            using var rows = Rows(release, file, cancel);
            await rows.ReadAsync();
            while (await rows.ReadAsync())
            {
                cancel.ThrowIfCancellationRequested();
                await csv.WriteExactly(file.About.Columns.Select((column, at) => SpreadsheetSafe.Field(column, rows.GetField(at)))
                    .Prepend(file.Account));
            }
        }
    }

    /// <summary>An array of objects, keyed by column: texts unchanged, money and numbers as numbers, days as <c>2026-10-31</c>.</summary>
    public async Task WriteJson(ReleasedFiles.Released release, Stream body, CancellationToken cancel)
    {
        await using var json = new Utf8JsonWriter(body);
        json.WriteStartArray();
        foreach (var file in release.Files)
        {
            using var rows = Rows(release, file, cancel);
            await rows.ReadAsync();
            while (await rows.ReadAsync())
            {
                json.WriteStartObject();
                json.WriteString("account", file.Account);
                foreach (var (at, column) in file.About.Columns.Index())
                    if (rows.GetField(at) is not { Length: > 0 } value)
                        json.WriteNull(column.Name);
                    else if (column.Kind is "money" or "number")
                        json.WriteNumber(column.Name, decimal.Parse(value, CultureInfo.InvariantCulture));
                    else
                        json.WriteString(column.Name, value);
                json.WriteEndObject();
                if (json.BytesPending > Piece)
                    await json.FlushAsync(cancel);
            }
        }
        json.WriteEndArray();
    }

    public CsvReader Rows(ReleasedFiles.Released release, ReleasedFiles.File file, CancellationToken cancel) =>
        new(new StreamReader(files.Open(release.Run.Id, file.Account, cancel)), CultureInfo.InvariantCulture);
}
