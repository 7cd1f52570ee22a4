using System.Globalization;
using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using Microsoft.AspNetCore.Http.Extensions;

namespace EnterprisePortal.Gateway.Clients;

public sealed class ReportsClient(HttpClient http) : ServiceClient(http, "Generated Reports")
{
    public record Runs(IReadOnlyList<Run> Items, string? Next);

    /// <param name="State"><c>queued</c>, <c>running</c>, <c>finished</c> or <c>cancelled</c>.</param>
    public record Run(Guid Id, string Report, string ReportName, ReportParameters Parameters, string State, string By, string ByLevel, Group Group,
        DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, IReadOnlyList<RunAccount> Accounts, IReadOnlyList<Warning>? Warnings = null)
    {
        public bool IsOpen => State is "queued" or "running";

        public int Count(string state) => Accounts.Count(account => account.State == state);

        public int Over => Accounts.Count(account => account.IsOver);
    }

    /// <param name="Field">The filter that it is about.</param>
    public record Warning(string Field, string Words);

    public record Group(Guid Id, string Name);

    /// <param name="State"><c>queued</c>, <c>running</c>, <c>ready</c>, <c>failed</c> or <c>cancelled</c>.</param>
    /// <param name="OpenUrl">Signs into the account and opens the report there; null until ready.</param>
    /// <param name="Sections">Rows of each section; null where the report has none.</param>
    public record RunAccount(string Account, string AccountName, string State, string? Problem, int? Rows, string? OpenUrl,
        DateTimeOffset ChangedAt, IReadOnlyDictionary<string, int>? Sections = null)
    {
        public bool IsOver => State is "ready" or "failed" or "cancelled";
    }

    public record Filter(string? Report, DateOnly? From, DateOnly? To, string? By)
    {
        public bool IsEmpty => string.IsNullOrEmpty(Report + By) && From is null && To is null;

        /// <summary>As a page's own address has it.</summary>
        public IEnumerable<(string Name, string? Value)> InWords => [("report", Report), ("from", Iso(From)), ("to", Iso(To)), ("by", By)];

        // The service's end is exclusive; a person's last day is meant whole.
        internal IEnumerable<(string Name, string? Value)> ForService =>
            [("report", Report), ("from", Midnight(From)), ("to", Midnight(To < DateOnly.MaxValue ? To?.AddDays(1) : null)), ("by", By)];

        static string? Iso(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        static string? Midnight(DateOnly? day) => day is null ? null : $"{Iso(day)}T00:00:00Z";
    }

    public Task<Answer<Runs>> Newest(Filter filter, string? cursor, CancellationToken cancel) => Get<Runs>("api/reports/runs" + Query(filter, cursor), cancel);

    public IAsyncEnumerable<Runs> WatchNewest(Filter filter, string? cursor, CancellationToken cancel) => Events<Runs>("api/reports/runs/events" + Query(filter, cursor), cancel);

    static QueryBuilder Query(Filter filter, string? cursor)
    {
        var query = new QueryBuilder { { "limit", "25" } };
        foreach (var (name, value) in filter.ForService.Append(("cursor", cursor)))
            if (!string.IsNullOrWhiteSpace(value))
                query.Add(name, value);
        return query;
    }

    public Task<Answer<Run>> Find(Guid id, CancellationToken cancel) => Get<Run>($"api/reports/runs/{id}", cancel);

    /// <param name="group">null: all accounts in reach.</param>
    public Task<Answer<Run>> Start(
        string report, IReadOnlyDictionary<string, JsonElement> parameters, Guid? group, CancellationToken cancel) =>
        Post<Run>("api/reports/runs", new { report, parameters, group }, cancel);

    public IAsyncEnumerable<Run> Watch(Guid id, CancellationToken cancel) => Events<Run>($"api/reports/runs/{id}/events", cancel);

    public Task<Answer<Done>> Cancel(Guid id, CancellationToken cancel) => Do(HttpMethod.Post, $"api/reports/runs/{id}/cancel", null, cancel);

    /// <param name="account">null: all that failed.</param>
    public Task<Answer<Done>> Retry(Guid id, string? account, CancellationToken cancel) =>
        Do(HttpMethod.Post, account is null ? $"api/reports/runs/{id}/retry" : $"api/reports/runs/{id}/accounts/{Uri.EscapeDataString(account)}/retry", null, cancel);

    /// <param name="Every"><c>week</c> or <c>month</c>, on <paramref name="Day"/>: 1 (Monday) to 7, or 1 to 28.</param>
    /// <param name="Covers">Dates relative to that day: <c>last-month</c>.</param>
    /// <param name="Group">Whose accounts.</param>
    /// <param name="Problem">Why it would not run now, or did not last time.</param>
    public record Schedule(Guid Id, string Report, string ReportName, string Every, int Day, string Covers, string TimeZone, ReportParameters Parameters, Group Group, string By, string ByLevel,
        bool MayChange, bool Paused, DateTimeOffset NextRun, LastRun? LastRun, string? Problem);

    /// <param name="Id">null where it was skipped.</param>
    public record LastRun(Guid? Id, DateTimeOffset At);

    public record ScheduleList(IReadOnlyList<Schedule> Items);

    public record NewSchedule(
        string Report, string Every, int Day, string Covers, Guid? Group, IReadOnlyDictionary<string, JsonElement> Parameters);

    public Task<Answer<ScheduleList>> Schedules(CancellationToken cancel) => Get<ScheduleList>("api/reports/schedules", cancel);

    public Task<Answer<Schedule>> Create(NewSchedule schedule, CancellationToken cancel) => Post<Schedule>("api/reports/schedules", schedule, cancel);

    public Task<Answer<Schedule>> Pause(Guid id, bool paused, CancellationToken cancel) => Patch<Schedule>($"api/reports/schedules/{id}", new { paused }, cancel);

    public Task<Answer<Run>> RunNow(Guid id, CancellationToken cancel) => Post<Run>($"api/reports/schedules/{id}/run", new { }, cancel);

    public Task<Answer<Done>> Delete(Guid id, CancellationToken cancel) => Do(HttpMethod.Delete, $"api/reports/schedules/{id}", null, cancel);
}
