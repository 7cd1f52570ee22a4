using System.Text.Json;
using System.Text.Json.Serialization;

namespace EnterprisePortal.Contracts.AccountApi;

/// <summary>
/// Body of <c>POST {base}/api/enterprise/v1/reports</c>. Answer 202 with a <see cref="ReportTask"/>; the same <paramref name="RunId"/>
/// again returns the existing task. 422 (type <c>urn:account:not-permitted</c>) if the staff user may not open the report; 400 with
/// <c>errors</c> by field for invalid parameters (<see cref="ReadParameters"/>). With <c>Prefer: wait=n</c> (RFC 7240; also at <c>GET
/// background-tasks/{id}</c>) the answer may be held until the report is done, n seconds at most.
/// </summary>
/// <param name="Report">Code: <c>FIN-2</c>.</param>
/// <param name="Parameters">Names and values of <see cref="ReportParameters"/>, not read yet.</param>
public record ReportRequest(Guid RunId, string Report, IReadOnlyDictionary<string, JsonElement>? Parameters, ReportRequester Requester);

/// <summary>
/// The requester: the account checks the permission of <paramref name="StaffEmail"/> at that level (Admins are exempt from restrictions)
/// and logs the real person.
/// </summary>
/// <param name="GroupsAbove">Ancestors of <paramref name="GroupId"/>, up to the root: their Admins may also see the task in the
/// account.</param>
public record ReportRequester(
    Guid PersonId, string Name, string Level, Guid GroupId, string StaffEmail, IReadOnlyList<Guid>? GroupsAbove = null);

/// <summary>Answer of <c>GET …/background-tasks/{id}</c>.</summary>
/// <param name="State"><c>queued</c>, <c>running</c>, <c>ready</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Problem">In words, if it failed.</param>
/// <param name="File">The description of <c>GET …/background-tasks/{id}/file</c>; null until ready.</param>
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
/// <param name="Sections">Rows of each section, by the values of the column <c>Section</c>; the portal counts them itself.</param>
/// <param name="Unknown">Requested names that this account does not have. Absent: not known.</param>
public record ReportFile(string Name, int Rows, IReadOnlyList<ReportColumn> Columns, IReadOnlyDictionary<string, decimal> Totals,
    IReadOnlyList<string> OutsideTotal, IReadOnlyDictionary<string, int>? Sections = null, IReadOnlyList<UnknownName>? Unknown = null)
{
    /// <summary>The number of rows inside the total.</summary>
    [JsonIgnore]
    public int CountingRows => Rows - OutsideTotal.Sum(section => Sections?.GetValueOrDefault(section) ?? 0);
}

/// <param name="Filter">A name of the <see cref="ReportCatalogue"/>: <c>program</c>.</param>
public record UnknownName(string Filter, string Name);

/// <param name="Kind"><c>text</c>, <c>date</c>, <c>number</c> or <c>money</c>.</param>
/// <param name="Personal">Blanked when the family of the row (column <c>Family Id</c>) is erased.</param>
public record ReportColumn(string Name, string Kind, bool Personal = false);
