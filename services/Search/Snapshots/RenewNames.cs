using EnterprisePortal.ServiceDefaults.Background;
using EnterprisePortal.ServiceDefaults.People;
using Npgsql;

namespace EnterprisePortal.Search.Snapshots;

/// <summary>
/// Rebuilds name keys that an earlier rule made (<see cref="NameTokens.Rule"/>), from the guardians stored in the index: no account is read
/// for it, and families keep their hashes, so the next snapshot finds nothing changed. A repeated run finds nothing to do.
/// </summary>
public sealed class RenewNames(NpgsqlDataSource db, KeepIndexTidy index, TimeProvider clock, ILogger<RenewNames> log)
    : BackgroundLoop(TimeSpan.FromMinutes(1), clock, log)
{
    const int BatchSize = 1000;
    static readonly string Former = $"name_rule < {NameTokens.Rule}"; // a literal, so that the partial index on former rules is used

    protected override Task Round(CancellationToken stop) => Renew(stop);

    public async Task Renew(CancellationToken cancel)
    {
        while (await FindAccount(cancel) is { } account)
        {
            await RenewSome(account, cancel);
            index.Changed();
        }
    }

    async Task<int?> FindAccount(CancellationToken cancel)
    {
        await using var command = db.CreateCommand($"select account_no from family where {Former} limit 1");
        return (int?)await command.ExecuteScalarAsync(cancel);
    }

    /// <summary>Under the account's row lock, like snapshots and changes; they wait for one batch at most.</summary>
    async Task RenewSome(int account, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var turn = new NpgsqlCommand("select from account where account_no = $1 for update", connection))
        {
            turn.Parameters.AddWithValue(account);
            await turn.ExecuteNonQueryAsync(cancel);
        }

        var (seen, others) = (new List<int>(), new List<(int Id, List<string>[] Guardians)>());
        await using (var read = new NpgsqlCommand(
            $"select family_id, guardians, words from family where account_no = $1 and {Former} limit {BatchSize}", connection)
        {
            Parameters = { new() { Value = account } }
        })
        await using (var rows = await read.ExecuteReaderAsync(cancel))
            while (await rows.ReadAsync(cancel))
            {
                seen.Add(rows.GetInt32(0));
                List<string>[] guardians = [.. rows.GetFieldValue<string[]>(1).Select(NameTokens.ToFind)];
                if (!FamilyIndex.Words(guardians).SequenceEqual(rows.GetFieldValue<string[]>(2)))
                    others.Add((rows.GetInt32(0), guardians));
            }

        await using (var write = new NpgsqlBatch(connection))
        {
            Add("delete from name_key where family_id = any($1)", others.ConvertAll(family => family.Id).ToArray());
            Add($"update family set name_rule = {NameTokens.Rule} where family_id = any($1)", seen.ToArray());
            foreach (var (id, guardians) in others)
                Add("update family set words = $2 where family_id = $1", id, FamilyIndex.Words(guardians));
            await write.ExecuteNonQueryAsync(cancel);

            void Add(string text, params object[] values)
            {
                var command = new NpgsqlBatchCommand(text);
                foreach (var value in values)
                    command.Parameters.AddWithValue(value);
                write.BatchCommands.Add(command);
            }
        }
        await FamilyIndex.CopyKeys(connection, account, others, cancel);
        await transaction.CommitAsync(cancel);
    }
}
