using System.Reflection;
using EnterprisePortal.Contracts.AccountApi;

namespace EnterprisePortal.OfficePortal.Reports;

/// <summary>
/// The query of a report of the <see cref="ReportCatalogue"/>, in a static field <c>Report</c> of a class in this folder. Parameters are
/// the catalogue's filters under their own names and those of <see cref="ReportQuery"/>; one that is null lets everything pass.
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

    /// <summary>Gives each column under its name in snake case (<c>family_id</c>); what else it gives is there to sort by.</summary>
    public required string Sql { get; init; }

    public required string OrderBy { get; init; }

    /// <summary>A column whose rows get a subtotal where a page shows them.</summary>
    public string? SubtotalBy { get; init; }

    /// <summary>What it is asked and what it answers.</summary>
    public ReportCatalogue.Report Described => ReportCatalogue.Find(Code)!;

    public string Name => Described.Name;

    public string Permission => Described.Permission;

    public static IReadOnlyList<Report> All => all.Value;

    /// <param name="code">As addresses write it, too: <c>fin-2</c>.</param>
    public static Report? Find(string code) => All.FirstOrDefault(report => report.Code.Equals(code, StringComparison.OrdinalIgnoreCase));
}
