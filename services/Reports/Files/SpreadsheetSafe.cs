using System.Globalization;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.ServiceDefaults;

namespace EnterprisePortal.Reports.Files;

/// <summary>
/// Makes a report's field safe for a spreadsheet: numbers stay, even negative ones; any other text is made harmless, whatever type the
/// account gives its column.
/// </summary>
static class SpreadsheetSafe
{
    public static string? Field(ReportColumn column, string? field) =>
        column.Kind is "money" or "number" && decimal.TryParse(field, NumberStyles.Number, CultureInfo.InvariantCulture, out _) ? field
            : CsvRows.Harmless(field);
}
