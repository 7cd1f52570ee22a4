using EnterprisePortal.Contracts.Search;
using EnterprisePortal.ServiceDefaults.Directory;
using MassTransit;
using Npgsql;

namespace EnterprisePortal.Sync;

/// <summary>
/// An account is synced when searches see its snapshot. A newer snapshot wins, so repetition and reordering change nothing.
/// </summary>
public sealed class RecordApplied(NpgsqlDataSource db, DirectoryReplica directory) : IConsumer<SnapshotApplied>
{
    public async Task Consume(ConsumeContext<SnapshotApplied> context)
    {
        var applied = context.Message;
        await using var command = db.CreateCommand(
            $"""
            with recorded as (
            update account_sync set last_sync = case when run = $2 then run_started else $3 end, taken_at = $3, families = $4, added = $5,
              changed = $6, removed = $7,
              problem = null, failures = 0, applied_run = $2, drift_snapshot = null, drift_families = null, drift_examples = null,
              requested_at = case when run = $2 and requested_at <= run_started then null else requested_at end
            where account = $1 and (taken_at is null or taken_at < $3) returning account)
            {SyncDays.Add("$8", "null::text", "$4")}
            """);
        command.Parameters.AddWithValue(applied.Account);
        command.Parameters.AddWithValue(applied.SnapshotId);
        command.Parameters.AddWithValue(applied.TakenAt.ToUniversalTime());
        command.Parameters.AddWithValue(applied.Families);
        command.Parameters.AddWithValue(applied.Added);
        command.Parameters.AddWithValue(applied.Changed);
        command.Parameters.AddWithValue(applied.Removed);
        command.Parameters.AddWithValue(directory.DayOf(applied.Account, applied.TakenAt));
        await command.ExecuteNonQueryAsync(context.CancellationToken);
    }
}

/// <summary>The reading succeeded but the index rejected it: shown, and tried again. Only the latest run counts, and only once.</summary>
public sealed class RecordRejected(NpgsqlDataSource db, DirectoryReplica directory, TimeProvider clock) : IConsumer<SnapshotRejected>
{
    public async Task Consume(ConsumeContext<SnapshotRejected> context)
    {
        await using var command = db.CreateCommand(
            $"""
            with recorded as (
            update account_sync set problem = $3, rejected_run = run, next_run = least(next_run, $4)
              where account = $1 and run = $2 and rejected_run is distinct from run returning account)
            {SyncDays.Add("$5", "$3", "null::int")}
            """);
        command.Parameters.AddWithValue(context.Message.Account);
        command.Parameters.AddWithValue(context.Message.SnapshotId);
        command.Parameters.AddWithValue(context.Message.Problem);
        command.Parameters.AddWithValue(clock.GetUtcNow() + SyncOptions.RetryAfterRejection);
        command.Parameters.AddWithValue(directory.DayOf(context.Message.Account, clock.GetUtcNow()));
        await command.ExecuteNonQueryAsync(context.CancellationToken);
    }
}
