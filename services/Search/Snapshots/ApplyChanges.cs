using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Sync;
using MassTransit;
using Npgsql;

namespace EnterprisePortal.Search.Snapshots;

/// <summary>
/// Families that the account's change feed has just named. For each family the newest data wins, in whatever order it arrives: repetition,
/// reordering and a slower snapshot never restore an old state.
/// </summary>
public sealed class ApplyChanges(NpgsqlDataSource db, AccountNumbers accounts, KeepIndexTidy index) : IConsumer<FamiliesChanged>
{
    public async Task Consume(ConsumeContext<FamiliesChanged> context)
    {
        var (changes, cancel) = (context.Message, context.CancellationToken);
        var takenAt = changes.TakenAt.ToUniversalTime();
        var families = (changes.Families ?? []).GroupBy(family => StageChunk.Storable(family.Id))
            .ToDictionary(same => same.Key, same => same.Last());
        var removed = (changes.Removed ?? []).Select(StageChunk.Storable).Where(id => !families.ContainsKey(id));

        var account = await accounts.Of(changes.Account, cancel);
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (!await NewerThanSnapshot(connection, account, takenAt, cancel))
        {
            // Late, but the feed has named them: it had not missed them.
            await FindDrift.Clear(connection, account, [.. families.Keys, .. removed], cancel);
            await transaction.CommitAsync(cancel);
            return;
        }
        var news = await Claim(connection, account, [.. families.Keys, .. removed], takenAt, cancel);
        var known = await FindIndexed(connection, account, news, cancel);
        await FamilyIndex.Remove(connection,
            [.. news.Where(id => !families.ContainsKey(id) && known.ContainsKey(id)).Select(id => known[id].Id)], cancel);
        await FamilyIndex.Write(connection, account,
            [.. news.Where(families.ContainsKey).Select(id => Indexed(families[id], known.TryGetValue(id, out var before) ? before : null))
            .OfType<IndexedFamily>()], cancel);
        await using (var age = new NpgsqlCommand(
            "update account set changes_taken_at = greatest(changes_taken_at, $2) where account_no = $1", connection)
        {
            Parameters = { new() { Value = account }, new() { Value = takenAt } }
        })
            await age.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        accounts.Forget();
        index.Changed();
    }

    /// <summary>Data from before an account's removal is never newer.</summary>
    static async Task<bool> NewerThanSnapshot(NpgsqlConnection connection, int account, DateTimeOffset takenAt, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "select greatest(snapshot_taken_at, removed_at) from account where account_no = $1 for update", connection);
        command.Parameters.AddWithValue(account);
        return await command.ExecuteScalarAsync(cancel) is not DateTime newest || newest <= takenAt;
    }

    /// <returns>The families for which nothing newer is known.</returns>
    internal static async Task<List<string>> Claim(
        NpgsqlConnection connection, int account, string[] ids, DateTimeOffset takenAt, CancellationToken cancel)
    {
        await FindDrift.Clear(connection, account, ids, cancel);
        await using var command = new NpgsqlCommand(
            """
            insert into family_change (account_no, external_id, taken_at) select $1, id, $3 from unnest($2) id order by id
            on conflict (account_no, external_id) do update set taken_at = excluded.taken_at
              where family_change.taken_at <= excluded.taken_at
            returning external_id
            """, connection);
        command.Parameters.AddWithValue(account);
        command.Parameters.AddWithValue(ids.Distinct().ToArray());
        command.Parameters.AddWithValue(takenAt);
        var news = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            news.Add(rows.GetString(0));
        return news;
    }

    internal static async Task<Dictionary<string, (int Id, long Hash)>> FindIndexed(
        NpgsqlConnection connection, int account, List<string> ids, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "select external_id, family_id, hash from family where account_no = $1 and external_id = any($2)", connection);
        command.Parameters.AddWithValue(account);
        command.Parameters.AddWithValue(ids.ToArray());
        var known = new Dictionary<string, (int, long)>();
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            known.Add(rows.GetString(0), (rows.GetInt32(1), rows.GetInt64(2)));
        return known;
    }

    static IndexedFamily? Indexed(AccountFamily family, (int Id, long Hash)? before)
    {
        var body = StageChunk.Body(family);
        var hash = StageChunk.Hash(body);
        return before?.Hash == hash ? null : new(before?.Id, hash, body);
    }
}
