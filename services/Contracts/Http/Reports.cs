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

/// <summary>
/// What a run comes to: for each account whose report the reader may open there, and for all of these. From the collected files, so equal
/// to the cent with the combined workbook.
/// </summary>
/// <param name="Name">What is added up or counted: <c>Deposits</c>.</param>
/// <param name="Column">The money column; null: rows are counted.</param>
/// <param name="Currency">ISO 4217; null if rows are counted, or if it is not known or not the same in all accounts.</param>
/// <param name="Total">Of <paramref name="Accounts"/>; null if these have several currencies, or if there are none.</param>
/// <param name="Missing">The accounts that the total lacks.</param>
/// <param name="Before">The period before; null if the reader sees no run of it with the same filters and all these accounts.</param>
public record RunFigures(
    Guid Run, string Name, string? Column, string? Currency, decimal? Total, int Rows, IReadOnlyList<AccountFigure> Accounts,
    IReadOnlyList<MissingAccount> Missing, EarlierFigures? Before);

/// <param name="Rows">The rows that count.</param>
/// <param name="Before">In the period before.</param>
public record AccountFigure(string Account, string AccountName, decimal Value, int Rows, string? Currency, decimal? Before);

/// <param name="Why">In words: <see cref="NotPermitted"/>.</param>
public record MissingAccount(string Account, string AccountName, string Why)
{
    /// <summary>The account's answer; any other reason is why it gave none.</summary>
    public const string NotPermitted = "not permitted";
}

/// <param name="Total">Of the same accounts.</param>
public record EarlierFigures(Guid Run, ReportParameters Parameters, decimal? Total);

/// <summary>A run's line in a list of totals; the fields are those of <see cref="RunFigures"/>.</summary>
/// <param name="Missing">The number of accounts that the total lacks.</param>
public record RunTotal(Guid Run, string Name, string? Column, string? Currency, decimal? Total, int Missing);

/// <summary>A page of the combined table.</summary>
/// <param name="Total">The number of rows of the whole table.</param>
/// <param name="Shown">The number of rows that can be shown; the rest is in the downloads.</param>
/// <param name="MaySort">False if the table is too long to be sorted here.</param>
/// <param name="Missing">The accounts that are not in the table.</param>
public record RunRows(
    IReadOnlyList<ReportColumn> Columns, IReadOnlyList<RunRow> Rows, int Offset, int Total, int Shown, bool MaySort,
    IReadOnlyList<MissingAccount> Missing);

/// <param name="Fields">One for each column: invariant numbers, ISO dates.</param>
public record RunRow(string Account, string AccountName, IReadOnlyList<string> Fields);

/// <param name="Parameters">Filters of the report by name (<see cref="ReportCatalogue"/>); 400 with the name of each that the report does
/// not have.</param>
/// <param name="Group">A group below the caller's own, for its accounts only; absent: all accounts in reach.</param>
public record RunRequest(string Report, IReadOnlyDictionary<string, JsonElement>? Parameters, Guid? Group = null);

/// <param name="Every"><c>week</c> or <c>month</c>.</param>
/// <param name="Day">1 (Monday) to 7 of the week, or 1 to 28 of the month.</param>
/// <param name="Covers">Dates relative to that day (<see cref="ReportCatalogue.Coverings"/>): <c>last-month</c>, or <c>run-day</c>.</param>
/// <param name="TimeZone">The zone in which its day begins: <c>America/Chicago</c>.</param>
/// <param name="Group">The group whose accounts it covers.</param>
/// <param name="MayChange">The reader may pause and delete it.</param>
/// <param name="Problem">Why it would not run now, or did not run last time.</param>
/// <param name="MayEdit">The reader may change what it asks for.</param>
/// <param name="Upcoming">The next three runs; none while it is paused.</param>
public record ScheduleItem(
    Guid Id, string Report, string ReportName, string Every, int Day, string Covers, string TimeZone, ReportParameters Parameters,
    GroupName Group, string By, string ByLevel, bool MayChange, bool Paused, DateTimeOffset NextRun, ScheduleLastRun? LastRun,
    string? Problem, bool MayEdit, IReadOnlyList<DateTimeOffset> Upcoming);

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
