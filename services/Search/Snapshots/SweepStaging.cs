using EnterprisePortal.ServiceDefaults.Background;
using EnterprisePortal.ServiceDefaults.Observability;
using Npgsql;

namespace EnterprisePortal.Search.Snapshots;

/// <summary>
/// Applies complete snapshots whose application was interrupted, and deletes the chunks of snapshots whose reading was interrupted: the
/// account is read again under another id, so nothing will complete them.
/// </summary>
sealed class SweepStaging(NpgsqlDataSource db, ApplySnapshot snapshots, FindDrift drift, TimeProvider clock, ILogger<SweepStaging> log)
    : BackgroundLoop(TimeSpan.FromMinutes(1), clock, log)
{
    protected override async Task Round(CancellationToken stop)
    {
        await ApplyInterrupted(stop);
        await DropAbandoned(stop);
        await drift.Tell(FindDrift.Grace, stop);
    }

    async Task ApplyInterrupted(CancellationToken cancel)
    {
        var waiting = new List<Guid>();
        await using (var command = db.CreateCommand(
            "select snapshot_id from snapshot where state = 'complete' and at < now() - interval '1 minute' order by taken_at"))
        await using (var rows = await command.ExecuteReaderAsync(cancel))
            while (await rows.ReadAsync(cancel))
                waiting.Add(rows.GetGuid(0));
        foreach (var snapshot in waiting)
        {
            using var work = TracedWork.Begin("apply interrupted snapshot");
            await snapshots.ApplyIfWhole(snapshot, cancel);
        }
    }

    async Task DropAbandoned(CancellationToken cancel)
    {
        await using var command = db.CreateCommand(
            """
            with abandoned as (select snapshot_id
              from snapshot_chunk group by snapshot_id having max(received_at) < now() - interval '1 hour'),
                 given_up as (update snapshot s set state = 'failed' from abandoned a
                   where s.snapshot_id = a.snapshot_id and s.state = 'complete'),
                 forgotten as (delete from snapshot where at < now() - interval '7 days')
            delete from snapshot_chunk c using abandoned a where c.snapshot_id = a.snapshot_id
            """);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
