using EnterprisePortal.Contracts.Sync;
using MassTransit;
using Npgsql;

namespace EnterprisePortal.Search.Snapshots;

/// <summary>
/// Stores how many chunks a snapshot must have. The message often overtakes the chunks; repeated, it meets the primary key.
/// </summary>
public sealed class CompleteSnapshot(NpgsqlDataSource db, ApplySnapshot snapshots) : IConsumer<SnapshotCompleted>
{
    public async Task Consume(ConsumeContext<SnapshotCompleted> context)
    {
        var snapshot = context.Message;
        await using (var insert = db.CreateCommand(
            """
            insert into snapshot (snapshot_id, account, state, taken_at, chunks, families, names, followed)
            values ($1, $2, 'complete', $3, $4, $5, $6, $7) on conflict do nothing
            """))
        {
            insert.Parameters.AddWithValue(snapshot.SnapshotId);
            insert.Parameters.AddWithValue(snapshot.Account);
            insert.Parameters.AddWithValue(snapshot.TakenAt.ToUniversalTime());
            insert.Parameters.AddWithValue(snapshot.Chunks);
            insert.Parameters.AddWithValue(snapshot.Families);
            insert.Parameters.AddWithValue(snapshot.Names);
            insert.Parameters.AddWithValue(snapshot.Followed);
            await insert.ExecuteNonQueryAsync(context.CancellationToken);
        }
        await snapshots.ApplyIfWhole(snapshot.SnapshotId, context.CancellationToken);
    }
}

/// <summary>The account's stream broke off: its chunks are deleted, the index stays. Repetition changes nothing.</summary>
public sealed class DropSnapshot(NpgsqlDataSource db) : IConsumer<SyncFailed>
{
    public async Task Consume(ConsumeContext<SyncFailed> context)
    {
        await using var drop = db.CreateCommand(
            """
            with settled as (insert into snapshot (snapshot_id, account, state) values ($1, $2, 'failed') on conflict do nothing
              returning snapshot_id)
            delete from snapshot_chunk c using settled s where c.snapshot_id = s.snapshot_id
            """);
        drop.Parameters.AddWithValue(context.Message.SnapshotId);
        drop.Parameters.AddWithValue(context.Message.Account);
        await drop.ExecuteNonQueryAsync(context.CancellationToken);
    }
}
