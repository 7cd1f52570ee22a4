// Answered and received by Reports: /api/reports. Runs are also started by report pages inside accounts.
using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;

namespace EnterprisePortal.Contracts.Http;

/// <param name="State">
/// <c>queued</c>, <c>running</c>, <c>finished</c> or <c>cancelled</c>: derived from the accounts, so it cannot disagree with them.
/// </param>
/// <param name="FinishedAt">null while an account is open.</param>
/// <param name="Accounts">The accounts in the reader's reach.</param>
public record RunItem(
    Guid Id, string Report, string ReportName, ReportParameters Parameters, string State, string By, string ByLevel, GroupName Group,
    DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, IReadOnlyList<RunWarning> Warnings, IReadOnlyList<RunAccountItem> Accounts);

/// <summary>The parameters may not be what the person meant.</summary>
/// <param name="Field">The filter: <c>program</c>.</param>
public record RunWarning(string Field, string Words);

/// <param name="State"><c>queued</c>, <c>running</c>, <c>ready</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Rows">Rows of the report, all sections together.</param>
/// <param name="Sections">Rows of each section, <c>{ "Drops": 25, "Transfers": 18 }</c>; null if the report has none.</param>
/// <param name="OpenUrl">Signs into the account and opens the report from its Background Tasks; null until ready.</param>
public record RunAccountItem(
    string Account, string AccountName, string State, string? Problem, int? Rows, IReadOnlyDictionary<string, int>? Sections,
    string? OpenUrl, DateTimeOffset ChangedAt);

/// <param name="Parameters">Filters of the report by name (<see cref="ReportCatalogue"/>); 400 with the name of each that the report does
/// not have.</param>
/// <param name="Group">A group below the caller's own, for its accounts only; absent: all accounts in reach.</param>
public record RunRequest(string Report, IReadOnlyDictionary<string, JsonElement>? Parameters, Guid? Group = null);

/// <param name="Every"><c>week</c> or <c>month</c>.</param>
/// <param name="Day">1 (Monday) to 7 of the week, or 1 to 28 of the month.</param>
/// <param name="Covers">Dates relative to that day (<see cref="ReportCatalogue.Coverings"/>): <c>last-month</c>, or <c>run-day</c>.</param>
/// <param name="TimeZone">The zone in which its day begins: <c>America/Chicago</c>.</param>
/// <param name="Group">The group whose accounts it covers.</param>
/// <param name="Problem">Why it would not run now, or did not run last time.</param>
public record ScheduleItem(
    Guid Id, string Report, string ReportName, string Every, int Day, string Covers, string TimeZone, ReportParameters Parameters,
    GroupName Group, string By, string ByLevel, bool MayChange, bool Paused, DateTimeOffset NextRun, ScheduleLastRun? LastRun,
    string? Problem);

/// <param name="Id">null if it was skipped.</param>
public record ScheduleLastRun(Guid? Id, DateTimeOffset At);

/// <param name="Every"><c>week</c> or <c>month</c>.</param>
/// <param name="Day">1 (Monday, the default) to 7 of the week, or 1 to 28 of the month.</param>
/// <param name="Covers">Dates relative to that day (<see cref="ScheduleItem"/>); absent: the previous week or month, for FIN-1 the previous
/// day.</param>
/// <param name="Group">The group whose accounts it covers: the caller's own, which is the default, or one below it.</param>
/// <param name="Parameters">Filters by name, as for a run; the schedule works out the dates.</param>
public record ScheduleRequest(
    string Report, string Every, int? Day, string? Covers, Guid? Group, IReadOnlyDictionary<string, JsonElement>? Parameters);

public record SchedulePause(bool Paused);
