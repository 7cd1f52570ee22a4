using EnterprisePortal.Contracts.Search;
using EnterprisePortal.ServiceDefaults.Messaging;
using Npgsql;

namespace EnterprisePortal.Search.Snapshots;

/// <summary>
/// Finds changes that an account's change feed has missed. A snapshot that differs from the index although the feed is followed corrects
/// the difference, and records it as suspect: either the feed is a moment behind and will name the family soon, or it has missed a change.
/// Families that remain suspect are reported once.
/// </summary>
public sealed class FindDrift(NpgsqlDataSource db)
{
    /// <summary>Twice the longest interval between two polls of a feed.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);
    const int Examples = 5;

    /// <summary>Call in the snapshot's transaction.</summary>
    internal static async Task Suspect(
        NpgsqlConnection connection,
        int account,
        Guid snapshot,
        IReadOnlyCollection<(string Id, string What)> families,
        CancellationToken cancel)
    {
        if (families.Count == 0)
            return;
        await using var insert = new NpgsqlCommand(
            """
            insert into drift_suspect (account_no, external_id, snapshot_id, what) select $1, id, $2, what
              from unnest($3, $4) suspect(id, what)
            on conflict (account_no, external_id) do update set snapshot_id = excluded.snapshot_id, what = excluded.what,
              found_at = excluded.found_at
            """, connection);
        insert.Parameters.AddWithValue(account);
        insert.Parameters.AddWithValue(snapshot);
        insert.Parameters.AddWithValue(families.Select(family => family.Id).ToArray());
        insert.Parameters.AddWithValue(families.Select(family => family.What).ToArray());
        await insert.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Call in the changes' transaction: the feed has named these families, so it had not missed them.</summary>
    internal static async Task Clear(NpgsqlConnection connection, int account, string[] families, CancellationToken cancel)
    {
        await using var delete = new NpgsqlCommand("delete from drift_suspect where account_no = $1 and external_id = any($2)", connection);
        delete.Parameters.AddWithValue(account);
        delete.Parameters.AddWithValue(families);
        await delete.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Deleting the rows makes sure that they are reported once, even if two replicas look at the same moment.</summary>
    public async Task Tell(TimeSpan grace, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var found = new List<DriftFound>();
        await using (var take = new NpgsqlCommand(
            $"""
            with ripe as (delete from drift_suspect where found_at <= clock_timestamp() - $1 returning *)
            select r.snapshot_id, a.code, count(*) filter (where what = 'added')::int, count(*) filter (where what = 'changed')::int,
              count(*) filter (where what = 'removed')::int,
                   (array_agg(external_id order by external_id))[1:{Examples}]
            from ripe r join account a on a.account_no = r.account_no group by r.snapshot_id, a.code
            """, connection)
        { Parameters = { new() { Value = grace } } })
        await using (var rows = await take.ExecuteReaderAsync(cancel))
            while (await rows.ReadAsync(cancel))
                found.Add(new(rows.GetGuid(0), rows.GetString(1), rows.GetInt32(2), rows.GetInt32(3), rows.GetInt32(4),
                    rows.GetFieldValue<string[]>(5)));
        foreach (var drift in found)
            await connection.Publish(drift, cancel);
        await transaction.CommitAsync(cancel);
    }
}
