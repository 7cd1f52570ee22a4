using System.Globalization;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using Microsoft.AspNetCore.Http.Extensions;

namespace EnterprisePortal.Gateway.Clients;

public sealed class ReportsClient(HttpClient http) : ServiceClient(http, "Generated Reports")
{
    // Longer than an account has to answer the service.
    static readonly TimeSpan LongestForTotals = TimeSpan.FromSeconds(2);

    public record Filter(string? Report, DateOnly? From, DateOnly? To, string? By)
    {
        public bool IsEmpty => string.IsNullOrEmpty(Report + By) && From is null && To is null;

        /// <summary>The query fields of the page's own address.</summary>
        public IEnumerable<(string Name, string? Value)> InWords => [("report", Report), ("from", Iso(From)), ("to", Iso(To)), ("by", By)];

        // The service's end is exclusive; a person means the whole last day.
        internal IEnumerable<(string Name, string? Value)> ForService =>
            [("report", Report), ("from", Midnight(From)), ("to", Midnight(To < DateOnly.MaxValue ? To?.AddDays(1) : null)), ("by", By)];

        static string? Iso(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        static string? Midnight(DateOnly? day) => day is null ? null : $"{Iso(day)}T00:00:00Z";
    }

    /// <summary>A run names all its accounts, so that fifty would be a long answer.</summary>
    public const int RunsPerPage = 25;

    /// <param name="sort">A column's name, with a minus before it for the other direction; null: the newest first.</param>
    public Task<Answer<CountedPage<RunItem>>> Runs(Filter filter, string? sort, int page, CancellationToken cancel) =>
        Get<CountedPage<RunItem>>("api/reports/runs" + Query(filter, sort, page), cancel);

    public IAsyncEnumerable<CountedPage<RunItem>> WatchRuns(Filter filter, string? sort, int page, CancellationToken cancel) =>
        Events<CountedPage<RunItem>>("api/reports/runs/events" + Query(filter, sort, page), cancel);

    static QueryBuilder Query(Filter filter, string? sort, int page)
    {
        var query = new QueryBuilder
        {
            { "limit", RunsPerPage.ToString(CultureInfo.InvariantCulture) },
            { "offset", ((page - 1) * RunsPerPage).ToString(CultureInfo.InvariantCulture) }
        };
        foreach (var (name, value) in filter.ForService.Append(("sort", sort)))
            if (!string.IsNullOrWhiteSpace(value))
                query.Add(name, value);
        return query;
    }

    public Task<Answer<RunItem>> Find(Guid id, CancellationToken cancel) => Get<RunItem>($"api/reports/runs/{id}", cancel);

    public Task<Answer<RunFigures>> Figures(Guid id, CancellationToken cancel) =>
        Get<RunFigures>($"api/reports/runs/{id}/figures", cancel);

    /// <summary>Those that are not there in time are missing: a list is not held up by its totals.</summary>
    public async Task<IReadOnlyList<RunTotal>> Totals(IEnumerable<RunItem> runs, CancellationToken cancel)
    {
        var ids = runs.Where(run => run.Count("ready") > 0).Select(run => run.Id).ToList();
        if (ids.Count == 0)
            return [];
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(LongestForTotals);
        try
        {
            var query = new QueryBuilder(ids.Select(id => KeyValuePair.Create("run", id.ToString())));
            var totals = await Get<Page<RunTotal>>("api/reports/runs/totals" + query, late.Token);
            return totals.Value?.Items ?? [];
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return [];
        }
    }

    /// <param name="sort">A column's name, with a minus before it for the other direction.</param>
    public Task<Answer<RunRows>> Rows(Guid id, string? sort, int offset, int limit, CancellationToken cancel)
    {
        var query = new QueryBuilder
        {
            { "offset", offset.ToString(CultureInfo.InvariantCulture) }, { "limit", limit.ToString(CultureInfo.InvariantCulture) }
        };
        if (!string.IsNullOrEmpty(sort))
            query.Add("sort", sort);
        return Get<RunRows>($"api/reports/runs/{id}/rows{query}", cancel);
    }

    public Task<Answer<RunItem>> Start(RunRequest run, CancellationToken cancel) => Post<RunItem>("api/reports/runs", run, cancel);

    public IAsyncEnumerable<RunItem> Watch(Guid id, CancellationToken cancel) => Events<RunItem>($"api/reports/runs/{id}/events", cancel);

    public Task<Answer<Done>> Cancel(Guid id, CancellationToken cancel) =>
        Do(HttpMethod.Post, $"api/reports/runs/{id}/cancel", null, cancel);

    /// <param name="account">null: all accounts that failed.</param>
    public Task<Answer<Done>> Retry(Guid id, string? account, CancellationToken cancel) =>
        Do(HttpMethod.Post, account is null ? $"api/reports/runs/{id}/retry"
            : $"api/reports/runs/{id}/accounts/{Uri.EscapeDataString(account)}/retry", null, cancel);

    public Task<Answer<Page<ScheduleItem>>> Schedules(CancellationToken cancel) => Get<Page<ScheduleItem>>("api/reports/schedules", cancel);

    public Task<Answer<ScheduleItem>> Create(ScheduleRequest schedule, CancellationToken cancel) =>
        Post<ScheduleItem>("api/reports/schedules", schedule, cancel);

    public Task<Answer<Done>> Edit(Guid id, ScheduleRequest schedule, CancellationToken cancel) =>
        Do(HttpMethod.Put, $"api/reports/schedules/{id}", schedule, cancel);

    public Task<Answer<ScheduleItem>> Pause(Guid id, bool paused, CancellationToken cancel) =>
        Patch<ScheduleItem>($"api/reports/schedules/{id}", new SchedulePause(paused), cancel);

    public Task<Answer<RunItem>> RunNow(Guid id, CancellationToken cancel) =>
        Post<RunItem>($"api/reports/schedules/{id}/run", new { }, cancel);

    public Task<Answer<Done>> Delete(Guid id, CancellationToken cancel) =>
        Do(HttpMethod.Delete, $"api/reports/schedules/{id}", null, cancel);
}

static class RunWords
{
    extension(RunItem run)
    {
        public bool IsOpen => run.State is "queued" or "running";

        public int Over => run.Accounts.Count(account => account.IsOver);

        public int Count(string state) => run.Accounts.Count(account => account.State == state);
    }

    extension(RunAccountItem account)
    {
        public bool IsOver => account.State is "ready" or "failed" or "cancelled";
    }
}
