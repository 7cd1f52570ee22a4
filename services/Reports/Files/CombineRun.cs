using System.Globalization;
using System.Net.Mime;
using CsvHelper;
using CsvHelper.Configuration;
using EnterprisePortal.Reports.Runs;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using MiniExcelLibs;

namespace EnterprisePortal.Reports.Files;

/// <summary>
/// All accounts in one table with the account's code as first column, streamed row by row. The CSV has rows only, for programs;
/// the workbook adds a sheet with each account's totals and one that names the accounts left out.
/// </summary>
public static class CombineRun
{
    const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>Names the accounts that are not in the file, with the reason: <c>bluedolphin-tampa: not permitted</c>.</summary>
    const string LeftOutHeader = "X-Left-Out";

    public static void Map(RouteGroupBuilder runs)
    {
        runs.MapGet("/{id:guid}/combined.csv", (Guid id, Combination combination, DirectoryReplica directory, Person person, HttpContext http, CancellationToken cancel) =>
            Answer(id, combination, directory, person, http, "csv", $"{MediaTypeNames.Text.Csv}; charset=utf-8", combination.WriteCsv, cancel)).WithName("CombineAsCsv");
        runs.MapGet("/{id:guid}/combined.xlsx", (Guid id, Combination combination, DirectoryReplica directory, Person person, HttpContext http, CancellationToken cancel) =>
            Answer(id, combination, directory, person, http, "xlsx", Xlsx, combination.WriteWorkbook, cancel)).WithName("CombineAsWorkbook");
    }

    static async Task<Results<PushStreamHttpResult, NotFound, ProblemHttpResult>> Answer(Guid id, Combination combination, DirectoryReplica directory, Person person, HttpContext http,
        string extension, string type, Func<ReleasedFiles.Released, Stream, CancellationToken, Task> write, CancellationToken cancel)
    {
        if (await combination.Released(id, person, directory.ReachOf(person), cancel) is not { } release)
            return TypedResults.NotFound();
        if (release.Files.Count == 0)
            return Refusal.Of("nothing-to-combine", "No account of this run has a report that you may open.");
        var columns = release.Files[0].About.Columns.Select(column => column.Name).ToList();
        if (release.Files.FirstOrDefault(file => !file.About.Columns.Select(column => column.Name).SequenceEqual(columns)) is { } other)
            return Refusal.Of("columns-differ", $"The report of {other.Account} has other columns than that of {release.Files[0].Account}, so they cannot stand in one table. Download them one by one.");
        if (release.Missing.Count > 0)
            http.Response.Headers[LeftOutHeader] = string.Join("; ", release.Missing.Select(account => $"{account.Account}: {account.Why}"));
        return StreamedBody.Of(body => write(release, body, cancel), type, $"{release.Run.Report} {release.Run.CreatedAt:yyyy-MM-dd HHmm}.{extension}", cancel);
    }
}

sealed class Combination(ReleasedFiles released, ReportFiles files)
{
    public Task<ReleasedFiles.Released?> Released(Guid id, Person person, Reach reach, CancellationToken cancel) => released.Of(id, person, reach, cancel);

    public async Task WriteCsv(ReleasedFiles.Released release, Stream body, CancellationToken cancel)
    {
        await using var text = new StreamWriter(body);
        await using var csv = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\r\n" });
        csv.WriteField("account");
        foreach (var column in release.Files[0].About.Columns)
            csv.WriteField(column.Name);
        await csv.NextRecordAsync();
        foreach (var file in release.Files)
        {
            using var rows = Rows(release, file, cancel);
            await rows.ReadAsync();
            while (await rows.ReadAsync())
            {
                csv.WriteField(file.Account);
                for (var column = 0; column < file.About.Columns.Count; column++)
                    csv.WriteField(file.About.Columns[column].Kind == "text" ? Harmless(rows.GetField(column)) : rows.GetField(column));
                await csv.NextRecordAsync();
            }
        }
    }

    public Task WriteWorkbook(ReleasedFiles.Released release, Stream body, CancellationToken cancel)
    {
        var sheets = new Dictionary<string, object> { ["Report"] = SheetRows(release, cancel), ["Totals"] = TotalRows(release) };
        if (release.Missing.Count > 0)
            sheets["Left out"] = release.Missing.Select(account => new { account.Account, account.Why });
        body.SaveAs(sheets);
        return Task.CompletedTask;
    }

    IEnumerable<IDictionary<string, object?>> SheetRows(ReleasedFiles.Released release, CancellationToken cancel)
    {
        foreach (var file in release.Files)
        {
            using var rows = Rows(release, file, cancel);
            rows.Read();
            while (rows.Read())
            {
                var row = new Dictionary<string, object?> { ["Account"] = file.Account };
                for (var column = 0; column < file.About.Columns.Count; column++)
                    row[file.About.Columns[column].Name] = Cell(file.About.Columns[column].Kind, rows.GetField(column));
                yield return row;
            }
        }
    }

    static IEnumerable<IDictionary<string, object?>> TotalRows(ReleasedFiles.Released release)
    {
        foreach (var file in release.Files)
            yield return Row(file.Account, file.About.Rows, name => file.About.Totals.GetValueOrDefault(name));
        yield return Row("All accounts", release.Files.Sum(file => file.About.Rows), name => release.Files.Sum(file => file.About.Totals.GetValueOrDefault(name)));

        IDictionary<string, object?> Row(string account, int rows, Func<string, decimal> total)
        {
            var row = new Dictionary<string, object?> { ["Account"] = account, ["Rows"] = rows };
            foreach (var name in release.Files[0].About.Totals.Keys)
                row[name] = total(name);
            return row;
        }
    }

    CsvReader Rows(ReleasedFiles.Released release, ReleasedFiles.File file, CancellationToken cancel) =>
        new(new StreamReader(files.Open(release.Run.Id, file.Account, cancel)), CultureInfo.InvariantCulture);

    static object? Cell(string kind, string? value) => value is null or "" ? null : kind switch
    {
        "money" or "number" => decimal.Parse(value, CultureInfo.InvariantCulture),
        "date" when DateOnly.TryParse(value, CultureInfo.InvariantCulture, out var date) => date.ToDateTime(TimeOnly.MinValue),
        _ => value
    };

    /// <summary>A text that a spreadsheet would take for a formula gets an apostrophe: <c>=cmd|…</c> must stay a text. https://owasp.org/www-community/attacks/CSV_Injection</summary>
    static string? Harmless(string? text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text;
}
