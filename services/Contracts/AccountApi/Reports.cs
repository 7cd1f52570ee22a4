using System.Text.Json.Serialization;

namespace EnterprisePortal.Contracts.AccountApi;

/// <summary>
/// Body of <c>POST {base}/api/enterprise/v1/reports</c>. Answer 202 with a <see cref="ReportTask"/>; the same <paramref name="RunId"/> again
/// answers the task there is. 422 (type <c>urn:account:not-permitted</c>) where the staff user may not open the report; 400 for bad parameters.
/// With <c>Prefer: wait=n</c> (RFC 7240; also at <c>GET background-tasks/{id}</c>) the answer may be held until the report is over, n seconds at most.
/// </summary>
/// <param name="Report">Code: <c>FIN-2</c>.</param>
public record ReportRequest(Guid RunId, string Report, ReportParameters Parameters, ReportRequester Requester);

/// <summary>Who asks: the account checks the permission of <paramref name="StaffEmail"/> as of that level (Admins are exempt from restrictions) and logs the real person.</summary>
/// <param name="GroupsAbove">Of <paramref name="GroupId"/>, up to the root: Admins there may see the task in the account, too.</param>
public record ReportRequester(Guid PersonId, string Name, string Level, Guid GroupId, string StaffEmail, IReadOnlyList<Guid>? GroupsAbove = null);

/// <summary>Filters; null means all. Dates are inclusive and in the account's time zone. A report ignores what it has no use for.</summary>
/// <param name="AsOf">FIN-1.</param>
/// <param name="Mode">CLA-9: <c>created</c> (default) or <c>starting</c>.</param>
/// <param name="Split">FIN-1: 1–30 as 1–15 and 16–30.</param>
/// <param name="AllCollected">FIN-6: include all collected payments.</param>
public record ReportParameters(
    DateOnly? From = null, DateOnly? To = null, DateOnly? AsOf = null,
    string? Program = null, string? Level = null, string? Class = null, string? DropReason = null, string? Mode = null, string? Type = null,
    string? Category = null, string? Family = null, string? PaymentMethod = null, string? Staff = null, string? EnrollmentStatus = null, string? CreditTypes = null,
    bool? OnlyPastDue = null, bool? Split = null, bool? AllCollected = null)
{
    [JsonIgnore]
    public IEnumerable<string?> Texts => [Program, Level, Class, DropReason, Mode, Type, Category, Family, PaymentMethod, Staff, EnrollmentStatus, CreditTypes];

    /// <summary>The field whose date no school can mean (days are counted from it, and a calendar ends); null: they may all be meant.</summary>
    [JsonIgnore]
    public string? ImplausibleDate => IsImplausible(From) ? "from" : IsImplausible(To) ? "to" : IsImplausible(AsOf) ? "asOf" : null;

    static bool IsImplausible(DateOnly? day) => day is { Year: < 1900 or > 2200 };

    public const string ImplausibleWords = "Give a date between 1900 and 2200.";
}

/// <summary>Answer of <c>GET …/background-tasks/{id}</c>.</summary>
/// <param name="State"><c>queued</c>, <c>running</c>, <c>ready</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Problem">In words, where failed.</param>
/// <param name="File">What <c>GET …/background-tasks/{id}/file</c> gives; null until ready.</param>
public record ReportTask(string Id, string State, string? Problem, ReportFile? File)
{
    [JsonIgnore]
    public bool IsOver => State is "ready" or "failed" or "cancelled";
}

/// <summary>
/// A CSV file (RFC 4180, UTF-8, one header row, invariant numbers, ISO dates) without total rows: the totals are here, to reconcile with.
/// </summary>
/// <param name="Totals">By the name of each money column: the sum over the rows that count (see <paramref name="OutsideTotal"/>).</param>
/// <param name="OutsideTotal">Values of the column <c>Section</c> whose rows do not count: <c>Deleted and failed</c>.</param>
public record ReportFile(string Name, int Rows, IReadOnlyList<ReportColumn> Columns, IReadOnlyDictionary<string, decimal> Totals, IReadOnlyList<string> OutsideTotal);

/// <param name="Kind"><c>text</c>, <c>date</c>, <c>number</c> or <c>money</c>.</param>
/// <param name="Personal">Blanked when the family of the row (column <c>Family Id</c>) is erased.</param>
public record ReportColumn(string Name, string Kind, bool Personal = false);

/// <summary>The six reports that run for all accounts.</summary>
public static class ReportCatalogue
{
    /// <param name="Permission">What the staff user needs in the account.</param>
    public record Report(string Code, string Name, string Permission);

    public static IReadOnlyList<Report> All { get; } =
    [
        new("CLA-5", "Drop List", "reports.cla-5"),
        new("CLA-9", "New Enrollments List", "reports.cla-9"),
        new("FIN-1", "Aged Accounts", "reports.fin-1"),
        new("FIN-2", "Bank Deposit", "reports.fin-2"),
        new("FIN-4", "Program Deposit Split", "reports.fin-4"),
        new("FIN-6", "Category List", "reports.fin-6")
    ];

    public static Report? Find(string code) => All.FirstOrDefault(report => report.Code == code);
}
