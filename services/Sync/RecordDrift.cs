using EnterprisePortal.Contracts.Search;
using MassTransit;
using Npgsql;

namespace EnterprisePortal.Sync;

/// <summary>
/// The nightly snapshot found and corrected what the change feed had missed; the sync page shows it until the next snapshot. Snapshot ids
/// increase, so repetition and reordering change nothing.
/// </summary>
public sealed class RecordDrift(NpgsqlDataSource db, ILogger<RecordDrift> log) : IConsumer<DriftFound>
{
    public async Task Consume(ConsumeContext<DriftFound> context)
    {
        var found = context.Message;
        await using var command = db.CreateCommand(
            """
            update account_sync set drift_snapshot = $2, drift_families = $3, drift_examples = $4
            where account = $1 and (drift_snapshot is null or drift_snapshot < $2) and (applied_run is null or applied_run <= $2)
            """);
        command.Parameters.AddWithValue(found.Account);
        command.Parameters.AddWithValue(found.SnapshotId);
        command.Parameters.AddWithValue(found.Added + found.Changed + found.Removed);
        command.Parameters.AddWithValue(found.Examples.ToArray());
        if (await command.ExecuteNonQueryAsync(context.CancellationToken) == 1)
            log.LogWarning(
                "The change feed of {Account} had missed {Added} new, {Changed} changed and {Removed} removed families: {Examples}",
                found.Account, found.Added, found.Changed, found.Removed, string.Join(", ", found.Examples));
    }
}
