using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Npgsql;
using NpgsqlTypes;

namespace EnterprisePortal.Sync;

public static class ListSyncStates
{
    /// <param name="LastSync">When the reading of the newest snapshot in the index began: the data is no older than this.</param>
    /// <param name="Families">In that snapshot; the three after it are what it changed in the index.</param>
    /// <param name="Problem">Why the latest attempt failed, in words; null where it did not.</param>
    /// <param name="Next">null for an account that is not active.</param>
    /// <param name="Running">It is being read now.</param>
    /// <param name="Seconds">How long the latest reading took.</param>
    /// <param name="Waiting">It is due, and is read as soon as there is room for it.</param>
    /// <param name="Applying">It was read, and is on its way into the index.</param>
    /// <param name="Followed">Its change feed is followed: what changes is seconds behind, not a night.</param>
    /// <param name="Drift">Families in which that snapshot found that the change feed had lost a change; null: none.</param>
    /// <param name="DriftExamples">The account's own ids of some of them.</param>
    public record Item(string Account, DateTimeOffset? LastSync, long? AgeSeconds, int? Families, int? Added, int? Changed, int? Removed, string? Problem, DateTimeOffset? Next, bool Running, double? Seconds,
        bool Waiting, bool Applying, bool Followed, int? Drift, IReadOnlyList<string> DriftExamples);

    public static void Map(RouteGroupBuilder sync) => sync.MapGet("/accounts", Handle).WithName(nameof(ListSyncStates));

    static async Task<Page<Item>> Handle([AsParameters] PageQuery page, NpgsqlDataSource db, DirectoryReplica directory, Person person, TimeProvider clock, CancellationToken cancel)
    {
        await using var command = db.CreateCommand(
            """
            select code, last_sync, families, added, changed, removed, problem, case when active then next_run end, coalesce(lease_until > now(), false), duration,
                   coalesce(active and next_run <= $4 and (lease_until is null or lease_until <= now()), false),
                   coalesce(active and read_run = run and applied_run is distinct from run and rejected_run is distinct from run and (lease_until is null or lease_until <= now()), false),
                   coalesce(change_cursor is not null, false), drift_families, coalesce(drift_examples, '{}')
            from unnest($1) code left join account_sync on account = code
            where $2 is null or code > $2 order by code limit $3
            """);
        command.Parameters.AddWithValue(directory.ReachOf(person).Codes);
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)page.Cursor ?? DBNull.Value);
        command.Parameters.AddWithValue(page.Size + 1);
        command.Parameters.AddWithValue(clock.GetUtcNow());
        var items = new List<Item>();
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
        {
            var lastSync = At(1);
            items.Add(new(row.GetString(0), lastSync, lastSync is { } at ? (long)(clock.GetUtcNow() - at).TotalSeconds : null, Int(2), Int(3), Int(4), Int(5),
                row.IsDBNull(6) ? null : row.GetString(6), At(7), row.GetBoolean(8), row.IsDBNull(9) ? null : row.GetTimeSpan(9).TotalSeconds,
                row.GetBoolean(10), row.GetBoolean(11), row.GetBoolean(12), Int(13), row.GetFieldValue<string[]>(14)));
        }
        return items.Count > page.Size ? new(items[..page.Size], items[page.Size - 1].Account) : new(items, null);

        DateTimeOffset? At(int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
        int? Int(int column) => row.IsDBNull(column) ? null : row.GetInt32(column);
    }
}
