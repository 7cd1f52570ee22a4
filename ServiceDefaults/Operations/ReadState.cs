using Dapper;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.Background;
using EnterprisePortal.ServiceDefaults.Observability;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.Operations;

/// <summary>Work of one service that waits for somebody outside.</summary>
/// <param name="Sql">Selects the name, since when (or null) and the problem (or null), oldest first.</param>
/// <param name="HasAddresses">The names are e-mail addresses.</param>
sealed record WaitingSource(string Kind, string Sql, bool HasAddresses);

/// <summary>The facts of one service, from its own database and process; the numbers are those of its gauges.</summary>
public sealed class ReadState
{
    const int Most = 200;
    readonly NpgsqlDataSource db;
    readonly WaitingSource[] sources;
    readonly IEnumerable<IHostedService> hosted;
    readonly HealthCheckService? health;
    readonly string name;

    internal ReadState(string name, NpgsqlDataSource db, IEnumerable<WaitingSource> sources, IEnumerable<IHostedService> hosted,
        HealthCheckService? health) =>
        (this.name, this.db, this.sources, this.hosted, this.health) = (name, db, [.. sources], hosted, health);

    sealed record Numbers(int Outbox, double OutboxAge, int Parked, double ParkedAge);

    public async Task<ServiceState> Read(CancellationToken cancel)
    {
        var ready = health is null ? null : await health.CheckHealthAsync(cancel);
        await using var connection = await db.OpenConnectionAsync(cancel);
        var now = await connection.QuerySingleAsync<Numbers>(new(
            """
            select (select count(*) from (select from outbox where due_at <= now() limit 10000) due)::int as outbox,
                   (select coalesce(extract(epoch from now() - min(due_at)), 0) from outbox where due_at <= now())::float8 as outboxage,
                   (select count(*) from parked_message)::int as parked,
                   (select coalesce(extract(epoch from now() - min(failed_at)), 0) from parked_message)::float8 as parkedage
            """, cancellationToken: cancel));
        var waiting = new List<WaitingWork>();
        foreach (var source in sources)
            foreach (var (what, since, problem) in await connection.QueryAsync<(string, DateTime?, string?)>(
                new($"{source.Sql} limit {Most}", cancellationToken: cancel)))
                waiting.Add(new(source.Kind, source.HasAddresses ? Masked.Address(what) : what, since,
                    problem is null ? null : Masked.Words(problem)));
        return new(name, Release.Version, InWords(ready), now.Outbox, now.OutboxAge, now.Parked, now.ParkedAge, waiting,
            [.. hosted.OfType<BackgroundLoop>().Select(loop => new JobState(loop.Name, loop.State.LastRun, loop.State.Problem))
                .OrderBy(job => job.Name, StringComparer.Ordinal)]);
    }

    static string InWords(HealthReport? report) => report is null ? "" : report.Status == HealthStatus.Healthy ? "Healthy"
        : "Not ready: " + string.Join("; ", report.Entries.Where(entry => entry.Value.Status != HealthStatus.Healthy)
            .Select(entry => entry.Value.Description is { Length: > 0 } words ? $"{entry.Key}, {words}" : entry.Key));
}
