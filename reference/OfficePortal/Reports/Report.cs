using System.Reflection;
using EnterprisePortal.Contracts.AccountApi;

namespace EnterprisePortal.OfficePortal.Reports;

/// <summary>
/// The query of a report of the <see cref="ReportCatalogue"/>, in a static field <c>Report</c> of a class in this folder. Parameters are
/// the catalogue's filters by name, and those of <see cref="ReportQuery"/>; a null parameter does not filter.
/// </summary>
public sealed record Report
{
    static readonly Lazy<IReadOnlyList<Report>> all = new(() =>
    [
        .. typeof(Report).Assembly.GetTypes()
            .Select(type => type.GetField(nameof(Report), BindingFlags.Public | BindingFlags.Static)?.GetValue(null)).OfType<Report>()
            .OrderBy(report => report.Code, StringComparer.Ordinal)
    ]);

    public required string Code { get; init; }

    /// <summary>Returns each column by its name in snake case (<c>family_id</c>); any other column is there to sort by.</summary>
    public required string Sql { get; init; }

    public required string OrderBy { get; init; }

    /// <summary>Pages show a subtotal for each value of this column.</summary>
    public string? SubtotalBy { get; init; }

    /// <summary>The report's entry in the catalogue: its filters and columns.</summary>
    public ReportCatalogue.Report Described => ReportCatalogue.Find(Code)!;

    public string Name => Described.Name;

    public string Permission => Described.Permission;

    public static IReadOnlyList<Report> All => all.Value;

    /// <param name="code">In any case: addresses have <c>fin-2</c>.</param>
    public static Report? Find(string code) => All.FirstOrDefault(report => report.Code.Equals(code, StringComparison.OrdinalIgnoreCase));
}
