using System.Globalization;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.ServiceDefaults;

namespace EnterprisePortal.Reports.Files;

/// <summary>A field of a report as a spreadsheet may have it: numbers as they are, also negative ones; all else harmless, whatever the account calls its column.</summary>
static class SpreadsheetSafe
{
    public static string? Field(ReportColumn column, string? field) =>
        column.Kind is "money" or "number" && decimal.TryParse(field, NumberStyles.Number, CultureInfo.InvariantCulture, out _) ? field : CsvRows.Harmless(field);
}
