using EnterprisePortal.Contracts.AccountApi;
using Microsoft.AspNetCore.Http.Extensions;

namespace EnterprisePortal.Gateway.Clients;

public sealed class ReportsClient(HttpClient http) : ServiceClient(http, "Generated Reports")
{
    public record Runs(IReadOnlyList<Run> Items, string? Next);

    /// <param name="State"><c>queued</c>, <c>running</c>, <c>finished</c> or <c>cancelled</c>.</param>
    public record Run(Guid Id, string Report, string ReportName, ReportParameters Parameters, string State, string By, string ByLevel, Group Group,
        DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, IReadOnlyList<RunAccount> Accounts)
    {
        public bool IsOpen => State is "queued" or "running";

        public int Count(string state) => Accounts.Count(account => account.State == state);

        public int Over => Accounts.Count(account => account.IsOver);
    }

    public record Group(Guid Id, string Name);

    /// <param name="State"><c>queued</c>, <c>running</c>, <c>ready</c>, <c>failed</c> or <c>cancelled</c>.</param>
    /// <param name="OpenUrl">Signs into the account and opens the report there; null until ready.</param>
    public record RunAccount(string Account, string AccountName, string State, string? Problem, int? Rows, string? OpenUrl, DateTimeOffset ChangedAt)
    {
        public bool IsOver => State is "ready" or "failed" or "cancelled";
    }

    public record Filter(string? Report, DateOnly? From, DateOnly? To, string? By)
    {
        public bool IsEmpty => string.IsNullOrEmpty(Report + By) && From is null && To is null;
    }

    public Task<Answer<Runs>> Newest(Filter filter, string? cursor, CancellationToken cancel)
    {
        var query = new QueryBuilder { { "limit", "25" } };
        // The service's end is exclusive; a person's last day is meant whole.
        foreach (var (name, value) in (ReadOnlySpan<(string, string?)>)[("report", filter.Report), ("by", filter.By), ("cursor", cursor),
            ("from", Midnight(filter.From)), ("to", Midnight(filter.To?.AddDays(1)))])
            if (!string.IsNullOrWhiteSpace(value))
                query.Add(name, value);
        return Get<Runs>("api/reports/runs" + query, cancel);
    }

    static string? Midnight(DateOnly? day) => day is { } date ? $"{date:yyyy-MM-dd}T00:00:00Z" : null;

    public Task<Answer<Run>> Find(Guid id, CancellationToken cancel) => Get<Run>($"api/reports/runs/{id}", cancel);

    public Task<Answer<Run>> Start(string report, IReadOnlyDictionary<string, object> parameters, CancellationToken cancel) =>
        Post<Run>("api/reports/runs", new { report, parameters }, cancel);

    public IAsyncEnumerable<Run> Watch(Guid id, CancellationToken cancel) => Events<Run>($"api/reports/runs/{id}/events", cancel);

    public Task<Answer<Done>> Cancel(Guid id, CancellationToken cancel) => Do(HttpMethod.Post, $"api/reports/runs/{id}/cancel", null, cancel);

    /// <param name="account">null: all that failed.</param>
    public Task<Answer<Done>> Retry(Guid id, string? account, CancellationToken cancel) =>
        Do(HttpMethod.Post, account is null ? $"api/reports/runs/{id}/retry" : $"api/reports/runs/{id}/accounts/{Uri.EscapeDataString(account)}/retry", null, cancel);
}
