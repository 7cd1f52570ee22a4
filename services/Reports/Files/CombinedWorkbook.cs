using System.Globalization;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using MiniExcelLibs;
using MiniExcelLibs.Attributes;
using MiniExcelLibs.OpenXml;

namespace EnterprisePortal.Reports.Files;

/// <summary>
/// The rows of all accounts, on as many sheets as needed; a sheet with each account's totals, and one that names the accounts left out.
/// </summary>
sealed class CombinedWorkbook(Combination combination, DirectoryReplica directory)
{
    /// <summary>1,048,576 is the format's limit, the header included.</summary>
    public const int RowsOfASheet = 1_048_575;

    public Task Write(ReleasedFiles.Released release, Stream body, CancellationToken cancel)
    {
        var sheets = new Dictionary<string, object>();
        foreach (var (number, accounts) in Sheets(release.Files).Index())
            sheets[number == 0 ? "Report" : $"Report {number + 1}"] = Rows(release, accounts, cancel);
        sheets["Totals"] = Totals(release);
        if (release.Missing.Count > 0)
            sheets["Left out"] = release.Missing.Select(account => new { account.Account, account.Why });
        body.SaveAs(sheets, configuration: new OpenXmlConfiguration { DynamicColumns = Money(release) });
        return Task.CompletedTask;
    }

    /// <summary>An account's rows stay on one sheet.</summary>
    static IEnumerable<List<ReleasedFiles.File>> Sheets(IReadOnlyList<ReleasedFiles.File> files)
    {
        var (sheet, rows) = (new List<ReleasedFiles.File>(), 0);
        foreach (var file in files)
        {
            if (rows + file.About.Rows > RowsOfASheet)
            {
                yield return sheet;
                (sheet, rows) = ([], 0);
            }
            sheet.Add(file);
            rows += file.About.Rows;
        }
        yield return sheet;
    }

    IEnumerable<IDictionary<string, object?>> Rows(
        ReleasedFiles.Released release, List<ReleasedFiles.File> accounts, CancellationToken cancel)
    {
        foreach (var file in accounts)
        {
            using var rows = combination.Rows(release, file, cancel);
            rows.Read();
            while (rows.Read())
            {
                cancel.ThrowIfCancellationRequested();
                var row = new Dictionary<string, object?> { ["Account"] = file.Account };
                foreach (var (number, column) in file.About.Columns.Index())
                    row[column.Name] = Cell(column.Kind, rows.GetField(number));
                yield return row;
            }
        }
    }

    /// <summary>The rows that count, those of each section (drops and transfers separately), and the money.</summary>
    static IEnumerable<IDictionary<string, object?>> Totals(ReleasedFiles.Released release)
    {
        foreach (var file in release.Files)
            yield return Row(file.Account, [file]);
        yield return Row("All accounts", release.Files);

        IDictionary<string, object?> Row(string account, IReadOnlyList<ReleasedFiles.File> files)
        {
            var row = new Dictionary<string, object?> { ["Account"] = account, ["Rows"] = files.Sum(file => file.About.CountingRows) };
            foreach (var section in ReportCatalogue.Find(release.Run.Report)!.Sections)
                row[section] = files.Sum(file => file.About.Sections?.GetValueOrDefault(section) ?? 0);
            foreach (var column in MoneyOf(release))
                row[column.Name] = files.Sum(file => file.About.Totals[column.Name]);
            return row;
        }
    }

    DynamicExcelColumn[] Money(ReleasedFiles.Released release)
    {
        var format = CurrencyFormat.Of(release.Files.Select(file => directory.Account(file.Account)?.Country ?? ""));
        return [.. MoneyOf(release).Select(column => new DynamicExcelColumn(column.Name) { Format = format })];
    }

    static IEnumerable<ReportColumn> MoneyOf(ReleasedFiles.Released release) =>
        release.Files[0].About.Columns.Where(column => column.Kind == "money");

    static object? Cell(string kind, string? value) => value is null or "" ? null : kind switch
    {
        "money" or "number" => decimal.Parse(value, CultureInfo.InvariantCulture),
        "date" when DateOnly.TryParse(value, CultureInfo.InvariantCulture, out var date) => date.ToDateTime(TimeOnly.MinValue),
        _ => value
    };
}
