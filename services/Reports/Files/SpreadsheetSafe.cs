using System.Globalization;
using CsvHelper;
using EnterprisePortal.Contracts.AccountApi;

namespace EnterprisePortal.Reports.Files;

/// <summary>
/// What a spreadsheet would take for a formula gets an apostrophe: <c>=cmd|…</c> must stay a text, whatever the account calls its column.
/// https://owasp.org/www-community/attacks/CSV_Injection
/// </summary>
static class SpreadsheetSafe
{
    const string Starts = "=+-@\t\r\n＝＋－＠";

    public static void WriteSafely(this CsvWriter csv, ReportColumn column, string? field) =>
        csv.WriteField(IsRisky(field) && !(column.Kind is "money" or "number" && decimal.TryParse(field, NumberStyles.Number, CultureInfo.InvariantCulture, out _)) ? "'" + field : field);

    public static void WriteSafely(this CsvWriter csv, string? field) => csv.WriteField(IsRisky(field) ? "'" + field : field);

    static bool IsRisky(string? field) => field is { Length: > 0 } && Starts.Contains(field[0], StringComparison.Ordinal);
}
