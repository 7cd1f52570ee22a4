using Npgsql;

namespace EnterprisePortal.Search.Snapshots;

/// <summary>A complete snapshot, locked together with its account.</summary>
/// <param name="Before">When the snapshot in the index was taken.</param>
/// <param name="OfRemoved">It was read before the account left the portal.</param>
sealed record StagedSnapshot(Guid Id, string Account, int AccountNo, DateTimeOffset TakenAt, int Families, int Names, bool Followed,
    DateTimeOffset? Before = null, bool OfRemoved = false)
{
    /// <summary>In the first snapshot everything is new, even if a feed is followed.</summary>
    public bool TellsDrift => Followed && Before is not null;

    /// <returns>null if another consumer has settled it meanwhile.</returns>
    public static async Task<StagedSnapshot?> Lock(
        NpgsqlConnection connection, Guid snapshotId, AccountNumbers accounts, CancellationToken cancel)
    {
        StagedSnapshot snapshot;
        await using (
            var command =
                new NpgsqlCommand(
                    """
                    select account, taken_at, families, names, followed from snapshot
                      where snapshot_id = $1 and state = 'complete' for update
                    """, connection))
        {
            command.Parameters.AddWithValue(snapshotId);
            await using var rows = await command.ExecuteReaderAsync(cancel);
            if (!await rows.ReadAsync(cancel))
                return null;
            snapshot = new(snapshotId, rows.GetString(0), 0, rows.GetFieldValue<DateTimeOffset>(1), rows.GetInt32(2), rows.GetInt32(3),
                rows.GetBoolean(4));
        }
        var number = await accounts.Of(snapshot.Account, cancel);
        await using var account = new NpgsqlCommand(
            "select snapshot_taken_at, removed_at from account where account_no = $1 for update", connection);
        account.Parameters.AddWithValue(number);
        await using var row = await account.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        // The id contains the time at which its reading began, by our clock.
        return snapshot with
        {
            AccountNo = number,
            Before = row.IsDBNull(0) ? null : row.GetFieldValue<DateTimeOffset>(0),
            OfRemoved = !row.IsDBNull(1) && snapshotId.CompareTo(Guid.CreateVersion7(row.GetFieldValue<DateTimeOffset>(1))) < 0
        };
    }

    /// <summary>Why the snapshot must not replace the present data, in words for staff; null if it may.</summary>
    public async Task<string?> Problem(NpgsqlConnection connection, CancellationToken cancel)
    {
        if (OfRemoved)
            return "The account was removed from the portal.";
        if (Before > TakenAt)
            return $"A newer snapshot of this account, of {Before:yyyy-MM-dd HH:mm} UTC, is already in the index.";
        await using var count = new NpgsqlCommand(
            """
            select coalesce(sum(cardinality(ids)), 0)::int, coalesce(sum(cardinality(names)), 0)::int,
                   (select id from snapshot_chunk c, unnest(c.ids) id where c.snapshot_id = $1 group by id having count(*) > 1 or id = ''
                     or length(id) > 64 limit 1)
            from snapshot_chunk where snapshot_id = $1
            """, connection);
        count.Parameters.AddWithValue(Id);
        await using var rows = await count.ExecuteReaderAsync(cancel);
        await rows.ReadAsync(cancel);
        return rows.GetInt32(0) != Families ? $"The account announced {Families} families, but {rows.GetInt32(0)} came."
            : rows.GetInt32(1) != Names ? $"The account announced {Names} names, but {rows.GetInt32(1)} came."
            : rows.IsDBNull(2) ? null
            : rows.GetString(2) is { Length: > 0 and <= 64 } id ? $"The account lists the family {id} more than once."
            : "The account lists a family without a usable id.";
    }
}
