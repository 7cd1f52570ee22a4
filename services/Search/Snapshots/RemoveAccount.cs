using EnterprisePortal.Contracts.Accounts;
using MassTransit;
using Npgsql;

namespace EnterprisePortal.Search.Snapshots;

/// <summary>
/// An account has left the portal: all its data leaves the index and staging, in the transaction that records the time of removal. That
/// record makes repetition harmless, and refuses data that was read earlier and arrives late (<see cref="ApplySnapshot"/>, <see
/// cref="ApplyChanges"/>). An account that was registered again and has been read since keeps its data: a snapshot replaces everything
/// before it.
/// </summary>
public sealed class RemoveAccount(NpgsqlDataSource db, AccountNumbers accounts, KeepIndexTidy index) : IConsumer<AccountRemoved>
{
    const int Batch = 2000;

    public async Task Consume(ConsumeContext<AccountRemoved> context)
    {
        var (code, at, cancel) = (context.Message.Account, context.Message.At.ToUniversalTime(), context.CancellationToken);
        var number = await accounts.Of(code, cancel);
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await Note(connection, number, at, cancel) is not { } keeps)
            return;
        await using (var staged = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("delete from snapshot_chunk where account = $1 and snapshot_id < $2")
                    { Parameters = { new() { Value = code }, new() { Value = Guid.CreateVersion7(at) } } },
                new("update snapshot set state = 'failed' where account = $1 and snapshot_id < $2 and state = 'complete'")
                    { Parameters = { new() { Value = code }, new() { Value = Guid.CreateVersion7(at) } } }
            }
        })
            await staged.ExecuteNonQueryAsync(cancel);
        if (!keeps)
        {
            while (await Some(connection, number, cancel) is { Count: > 0 } families)
                await FamilyIndex.Remove(connection, families, cancel);
            await using var rest = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    new("delete from account_name where account_no = $1") { Parameters = { new() { Value = number } } },
                    new("delete from family_change where account_no = $1") { Parameters = { new() { Value = number } } },
                    new("delete from drift_suspect where account_no = $1") { Parameters = { new() { Value = number } } },
                    new("update account set snapshot_taken_at = null, changes_taken_at = null where account_no = $1")
                        { Parameters = { new() { Value = number } } }
                }
            };
            await rest.ExecuteNonQueryAsync(cancel);
        }
        await transaction.CommitAsync(cancel);
        accounts.Forget();
        index.Changed();
    }

    /// <summary>Takes the account's row lock, like every writer of the index.</summary>
    /// <returns>Whether newer data is already there; null if the removal was recorded before.</returns>
    static async Task<bool?> Note(NpgsqlConnection connection, int account, DateTimeOffset at, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            """
            update account set removed_at = $2 where account_no = $1 and (removed_at is null or removed_at < $2)
            returning exists (select from snapshot s where s.account = account.code and s.state = 'applied' and s.snapshot_id >= $3)
            """, connection);
        command.Parameters.AddWithValue(account);
        command.Parameters.AddWithValue(at);
        command.Parameters.AddWithValue(Guid.CreateVersion7(at)); // By our clock: the account's may be hours ahead.
        return await command.ExecuteScalarAsync(cancel) as bool?;
    }

    static async Task<List<int>> Some(NpgsqlConnection connection, int account, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select family_id from family where account_no = $1 limit $2", connection);
        command.Parameters.AddWithValue(account);
        command.Parameters.AddWithValue(Batch);
        var families = new List<int>(Batch);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            families.Add(rows.GetInt32(0));
        return families;
    }
}
