using Npgsql;

namespace EnterprisePortal.Search.Snapshots;

/// <summary>
/// Once changes have settled: statistics for the planner, and the visibility map, without which an index-only scan visits the table.
/// </summary>
public sealed class KeepIndexTidy(NpgsqlDataSource db, TimeProvider clock, ILogger<KeepIndexTidy> log) : BackgroundService
{
    static readonly TimeSpan Look = TimeSpan.FromSeconds(2), Quiet = TimeSpan.FromSeconds(4), AtLeast = TimeSpan.FromMinutes(2);
    const int OneAtATime = 7_240_156;
    readonly Lock changes = new();
    DateTimeOffset? first, last;

    public void Changed()
    {
        lock (changes)
        {
            last = clock.GetUtcNow();
            first ??= last;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ticks = new PeriodicTimer(Look, clock);
        while (await ticks.WaitForNextTickAsync(stoppingToken))
            try
            {
                if (Settled())
                    await Vacuum(stoppingToken);
            }
            catch (NpgsqlException e)
            {
                log.LogWarning("The index is tidied after the next change: {Problem}", e.Message);
            }
    }

    bool Settled()
    {
        lock (changes)
        {
            if (first is null || clock.GetUtcNow() - last < Quiet && clock.GetUtcNow() - first < AtLeast)
                return false;
            first = null;
            return true;
        }
    }

    async Task Vacuum(CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using (var turn = new NpgsqlCommand($"select pg_try_advisory_lock({OneAtATime})", connection))
            if (await turn.ExecuteScalarAsync(cancel) is not true)
                return;
        await using (var vacuum = new NpgsqlCommand("vacuum (analyze) family, name_key, email, phone, account_name, account, snapshot_chunk", connection) { CommandTimeout = 0 })
            await vacuum.ExecuteNonQueryAsync(cancel);
        await using var give = new NpgsqlCommand($"select pg_advisory_unlock({OneAtATime})", connection);
        await give.ExecuteNonQueryAsync(cancel);
    }
}
