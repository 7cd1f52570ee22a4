using EnterprisePortal.Contracts.Sync;
using MassTransit;
using Npgsql;

namespace EnterprisePortal.Search.Snapshots;

/// <summary>
/// A family was erased in its account: it leaves the index and every snapshot in staging, and an earlier snapshot does not bring it back.
/// Repetition changes nothing.
/// </summary>
public sealed class EraseFamily(NpgsqlDataSource db, AccountNumbers accounts, KeepIndexTidy index, TimeProvider clock)
    : IConsumer<FamilyErased>
{
    public async Task Consume(ConsumeContext<FamilyErased> context)
    {
        var cancel = context.CancellationToken;
        var id = StageChunk.Storable(context.Message.FamilyId);
        var account = await accounts.Of(context.Message.Account, cancel);
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        const string hold = "select from account where account_no = $1 for update";
        await using (var take = new NpgsqlCommand(hold, connection) { Parameters = { new() { Value = account } } })
            await take.ExecuteNonQueryAsync(cancel);
        await ApplyChanges.Claim(connection, account, [id], clock.GetUtcNow(), cancel);
        var known = await ApplyChanges.FindIndexed(connection, account, [id], cancel);
        await FamilyIndex.Remove(connection, [.. known.Values.Select(family => family.Id)], cancel);
        await using (var blank = new NpgsqlCommand(
            "update snapshot_chunk set bodies[array_position(ids, $2)] = '' where account = $1 and ids @> array[$2]", connection)
        {
            Parameters = { new() { Value = context.Message.Account }, new() { Value = id } }
        })
            await blank.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        index.Changed();
    }
}
