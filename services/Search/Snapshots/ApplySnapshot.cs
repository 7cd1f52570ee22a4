using EnterprisePortal.Contracts.Search;
using EnterprisePortal.ServiceDefaults.Messaging;
using Npgsql;

namespace EnterprisePortal.Search.Snapshots;

/// <summary>
/// Applies a snapshot to the index once its end and every chunk have arrived, all of it or nothing, in one transaction under the account's
/// row lock. Only families that differ are touched; they are read and written in batches, so memory does not grow with the account.
/// </summary>
public sealed class ApplySnapshot(NpgsqlDataSource db, AccountNumbers accounts, KeepIndexTidy index, ILogger<ApplySnapshot> log)
    : IDisposable
{
    const int BatchSize = 1000;

    /// <summary>More in parallel would only take processor time from people who search.</summary>
    readonly SemaphoreSlim slots = new(2);

    /// <summary>
    /// Called after every chunk and after the end, each committed first: the last call sees all the others. A second call finds the
    /// snapshot settled.
    /// </summary>
    public async Task ApplyIfWhole(Guid snapshotId, CancellationToken cancel)
    {
        await using (var whole = db.CreateCommand(
            """
            select from snapshot s where s.snapshot_id = $1 and s.state = 'complete'
            and s.chunks = (select count(*) from snapshot_chunk c where c.snapshot_id = $1 and c.number < s.chunks)
            """))
        {
            whole.Parameters.AddWithValue(snapshotId);
            await using var rows = await whole.ExecuteReaderAsync(cancel);
            if (!await rows.ReadAsync(cancel))
                return;
        }
        await slots.WaitAsync(cancel);
        try
        {
            await Apply(snapshotId, cancel);
        }
        catch (PostgresException e)
            when (e.SqlState.StartsWith("22", StringComparison.Ordinal) || e.SqlState == PostgresErrorCodes.ProgramLimitExceeded)
        {
            log.LogWarning("Snapshot {Snapshot} contains a value that cannot be stored: {Problem}", snapshotId, e.MessageText);
            await RejectUnstorable(snapshotId, cancel);
        }
        finally
        {
            slots.Release();
        }
        accounts.Forget();
        index.Changed();
    }

    async Task Apply(Guid snapshotId, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await StagedSnapshot.Lock(connection, snapshotId, accounts, cancel) is not { } snapshot)
            return;
        if (await snapshot.Problem(connection, cancel) is { } problem)
        {
            await Settle(connection, snapshot, "rejected", cancel);
            await connection.Publish(new SnapshotRejected(snapshot.Id, snapshot.Account, problem), cancel);
            await transaction.CommitAsync(cancel);
            return;
        }

        var (added, changed) = await WriteDifferences(connection, snapshot, cancel);
        var removed = await RemoveVanished(connection, snapshot, cancel);
        await ReplaceNames(connection, snapshot, cancel);
        await Settle(connection, snapshot, "applied", cancel);
        await connection.Publish(
            new SnapshotApplied(snapshot.Id, snapshot.Account, snapshot.TakenAt, snapshot.Families, added, changed, removed), cancel);
        await transaction.CommitAsync(cancel);
    }

    static async Task<(int Added, int Changed)> WriteDifferences(
        NpgsqlConnection connection, StagedSnapshot snapshot, CancellationToken cancel)
    {
        // A cursor, so that one connection can alternate between reading and writing. Families that the change feed has named since are
        // newer than this snapshot and are left out.
        await using (var declare = new NpgsqlCommand(
            """
            declare difference no scroll cursor for
            select f.family_id, s.hash, s.body, s.id
            from snapshot_chunk c cross join lateral unnest(c.ids, c.hashes, c.bodies) s(id, hash, body)
            left join family f on f.account_no = $2 and f.external_id = s.id
            where c.snapshot_id = $1 and f.hash is distinct from s.hash
            and not exists (select from family_change n where n.account_no = $2 and n.external_id = s.id and n.taken_at > $3)
            """, connection))
        {
            declare.Parameters.AddWithValue(snapshot.Id);
            declare.Parameters.AddWithValue(snapshot.AccountNo);
            declare.Parameters.AddWithValue(snapshot.TakenAt);
            await declare.ExecuteNonQueryAsync(cancel);
        }
        var (added, changed) = (0, 0);
        var (batch, suspects) = (new List<IndexedFamily>(BatchSize), new List<(string, string)>(BatchSize));
        do
        {
            batch.Clear();
            suspects.Clear();
            await using (var fetch = new NpgsqlCommand($"fetch {BatchSize} from difference", connection))
            await using (var rows = await fetch.ExecuteReaderAsync(cancel))
                while (await rows.ReadAsync(cancel))
                {
                    batch.Add(new(rows.IsDBNull(0) ? null : rows.GetInt32(0), rows.GetInt64(1), rows.GetFieldValue<byte[]>(2)));
                    if (snapshot.TellsDrift)
                        suspects.Add((rows.GetString(3), rows.IsDBNull(0) ? "added" : "changed"));
                }
            added += batch.Count(family => family.Id is null);
            changed += batch.Count(family => family.Id is not null);
            await FamilyIndex.Write(connection, snapshot.AccountNo, batch, cancel);
            await FindDrift.Suspect(connection, snapshot.AccountNo, snapshot.Id, suspects, cancel);
        }
        while (batch.Count == BatchSize);
        return (added, changed);
    }

    static async Task<int> RemoveVanished(NpgsqlConnection connection, StagedSnapshot snapshot, CancellationToken cancel)
    {
        var (vanished, suspects) = (new List<int>(), new List<(string, string)>());
        await using (var find = new NpgsqlCommand(
            """
            select f.family_id, f.external_id from family f where f.account_no = $2
            and not exists (select from snapshot_chunk c, unnest(c.ids) id where c.snapshot_id = $1 and id = f.external_id)
            and not exists (select from family_change n where n.account_no = $2 and n.external_id = f.external_id and n.taken_at > $3)
            """, connection))
        {
            find.Parameters.AddWithValue(snapshot.Id);
            find.Parameters.AddWithValue(snapshot.AccountNo);
            find.Parameters.AddWithValue(snapshot.TakenAt);
            await using var rows = await find.ExecuteReaderAsync(cancel);
            while (await rows.ReadAsync(cancel))
            {
                vanished.Add(rows.GetInt32(0));
                if (snapshot.TellsDrift)
                    suspects.Add((rows.GetString(1), "removed"));
            }
        }
        await FamilyIndex.Remove(connection, vanished, cancel);
        await FindDrift.Suspect(connection, snapshot.AccountNo, snapshot.Id, suspects, cancel);
        return vanished.Count;
    }

    static async Task ReplaceNames(NpgsqlConnection connection, StagedSnapshot snapshot, CancellationToken cancel)
    {
        await using var replace = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("delete from account_name where account_no = $1") { Parameters = { new() { Value = snapshot.AccountNo } } },
                new("""
                    insert into account_name (account_no, kind, name, uses)
                    select $1, n.kind, n.name, least(sum(n.uses), 2147483647)::int
                      from snapshot_chunk c, unnest(c.kinds, c.names, c.uses) n(kind, name, uses)
                    where c.snapshot_id = $2 group by n.kind, n.name
                    """) { Parameters = { new() { Value = snapshot.AccountNo }, new() { Value = snapshot.Id } } }
            }
        };
        await replace.ExecuteNonQueryAsync(cancel);
    }

    static async Task Settle(NpgsqlConnection connection, StagedSnapshot snapshot, string state, CancellationToken cancel)
    {
        await using var settle = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("update snapshot set state = $2, at = now() where snapshot_id = $1")
                {
                    Parameters = { new() { Value = snapshot.Id }, new() { Value = state } }
                },
                new("delete from snapshot_chunk where snapshot_id = $1") { Parameters = { new() { Value = snapshot.Id } } }
            }
        };
        if (state == "applied")
        {
            settle.BatchCommands.Add(new("update account set snapshot_taken_at = $2 where account_no = $1")
            {
                Parameters = { new() { Value = snapshot.AccountNo }, new() { Value = snapshot.TakenAt } }
            });
            settle.BatchCommands.Add(new("delete from family_change where account_no = $1 and taken_at <= $2")
            {
                Parameters = { new() { Value = snapshot.AccountNo }, new() { Value = snapshot.TakenAt } }
            });
        }
        await settle.ExecuteNonQueryAsync(cancel);
    }

    async Task RejectUnstorable(Guid snapshotId, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await StagedSnapshot.Lock(connection, snapshotId, accounts, cancel) is not { } snapshot)
            return;
        await Settle(connection, snapshot, "rejected", cancel);
        await connection.Publish(
            new SnapshotRejected(snapshot.Id, snapshot.Account, "The account's snapshot holds data that cannot be stored."), cancel);
        await transaction.CommitAsync(cancel);
    }

    public void Dispose() => slots.Dispose();
}
