using System.Globalization;
using MiniExcelLibs;

namespace EnterprisePortal.Reports.Files;

/// <summary>The rows of all accounts, on as many sheets as they need; a sheet with each account's totals, and one that names the accounts left out.</summary>
sealed class CombinedWorkbook(Combination combination)
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
        body.SaveAs(sheets);
        return Task.CompletedTask;
    }

    /// <summary>An account stays on one sheet.</summary>
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

    IEnumerable<IDictionary<string, object?>> Rows(ReleasedFiles.Released release, List<ReleasedFiles.File> accounts, CancellationToken cancel)
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

    static IEnumerable<IDictionary<string, object?>> Totals(ReleasedFiles.Released release)
    {
        foreach (var file in release.Files)
            yield return Row(file.Account, file.About.Rows, name => file.About.Totals[name]);
        yield return Row("All accounts", release.Files.Sum(file => file.About.Rows), name => release.Files.Sum(file => file.About.Totals[name]));

        IDictionary<string, object?> Row(string account, int rows, Func<string, decimal> total)
        {
            var row = new Dictionary<string, object?> { ["Account"] = account, ["Rows"] = rows };
            foreach (var column in release.Files[0].About.Columns.Where(column => column.Kind == "money"))
                row[column.Name] = total(column.Name);
            return row;
        }
    }

    static object? Cell(string kind, string? value) => value is null or "" ? null : kind switch
    {
        "money" or "number" => decimal.Parse(value, CultureInfo.InvariantCulture),
        "date" when DateOnly.TryParse(value, CultureInfo.InvariantCulture, out var date) => date.ToDateTime(TimeOnly.MinValue),
        _ => value
    };
}
