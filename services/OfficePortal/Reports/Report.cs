using EnterprisePortal.Contracts.AccountApi;

namespace EnterprisePortal.OfficePortal.Reports;

/// <summary>
/// One of the six reports: what it is asked, what it says, and the query between the two. Parameters of every query are those of
/// <see cref="ReportQuery"/>; a filter that is null lets everything pass.
/// </summary>
public sealed record Report
{
    public required string Code { get; init; }

    /// <summary>What it answers, for the list of reports.</summary>
    public required string What { get; init; }

    /// <summary>In the order of the form.</summary>
    public required IReadOnlyList<ReportFilter> Filters { get; init; }

    public required Func<ReportParameters, IReadOnlyList<ReportColumn>> Columns { get; init; }

    /// <summary>Gives each column under its name in snake case (<c>family_id</c>); what else it gives is there to sort by.</summary>
    public required string Sql { get; init; }

    public required string OrderBy { get; init; }

    /// <summary>Sections whose rows stand in the report and not in its totals.</summary>
    public IReadOnlyList<string> OutsideTotal { get; init; } = [];

    /// <summary>A column whose rows get a subtotal where a page shows them.</summary>
    public string? SubtotalBy { get; init; }

    public string Name => ReportCatalogue.Find(Code)!.Name;

    public string Permission => ReportCatalogue.Find(Code)!.Permission;

    public static IReadOnlyList<Report> All { get; } =
        [DropList.Report, NewEnrollments.Report, AgedAccounts.Report, BankDeposit.Report, ProgramDepositSplit.Report, CategoryList.Report];

    /// <param name="code">As addresses write it, too: <c>fin-2</c>.</param>
    public static Report? Find(string code) => All.FirstOrDefault(report => report.Code.Equals(code, StringComparison.OrdinalIgnoreCase));

    /// <returns>The field and what is wrong with it, or null.</returns>
    public (string Field, string Words)? Problem(ReportParameters asked)
    {
        if (asked.ImplausibleDate is { } field)
            return (field, ReportParameters.ImplausibleWords);
        if (!Filters.Contains(ReportFilter.Dates))
            return null;
        if (asked.From is null || asked.To is null)
            return (asked.From is null ? "from" : "to", "Give the first and the last date.");
        return asked.From > asked.To ? ("to", "The last date lies before the first.") : null;
    }

    internal static ReportColumn Text(string name) => new(name, "text");
    internal static ReportColumn Personal(string name) => new(name, "text", true);
    internal static ReportColumn Date(string name) => new(name, "date");
    internal static ReportColumn Money(string name) => new(name, "money");
}

public enum ReportFilter
{
    Dates, AsOf, Mode, Type, Program, Level, Class, DropReason, Category, Family, PaymentMethod, Staff, EnrollmentStatus, CreditTypes, OnlyPastDue, Split, AllCollected
}
