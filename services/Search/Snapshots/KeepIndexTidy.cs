using EnterprisePortal.ServiceDefaults.Background;
using EnterprisePortal.ServiceDefaults.Database;
using Npgsql;

namespace EnterprisePortal.Search.Snapshots;

/// <summary>
/// Runs once changes have settled: refreshes the planner's statistics, and the visibility map, without which an index-only scan visits the
/// table.
/// </summary>
public sealed class KeepIndexTidy(NpgsqlDataSource db, TimeProvider clock, ILogger<KeepIndexTidy> log)
    : BackgroundLoop(TimeSpan.FromSeconds(2), clock, log)
{
    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(4), AtLeast = TimeSpan.FromMinutes(2);
    readonly Lock changes = new();
    DateTimeOffset? first, last;

    public void Changed()
    {
        lock (changes)
        {
            last = Clock.GetUtcNow();
            first ??= last;
        }
    }

    protected override async Task Round(CancellationToken stop)
    {
        if (Settled())
            await Vacuum(stop);
    }

    bool Settled()
    {
        lock (changes)
        {
            if (first is null || Clock.GetUtcNow() - last < Quiet && Clock.GetUtcNow() - first < AtLeast)
                return false;
            first = null;
            return true;
        }
    }

    async Task Vacuum(CancellationToken cancel)
    {
        await using var alone = await db.TryLock("tidy-index", cancel);
        if (alone is null)
            return;
        const string Tables = "family, name_key, email, phone, account_name, account, snapshot_chunk";
        await using var vacuum = new NpgsqlCommand($"vacuum (analyze) {Tables}", alone.Connection) { CommandTimeout = 0 };
        await vacuum.ExecuteNonQueryAsync(cancel);
    }
}
