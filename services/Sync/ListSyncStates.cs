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
    public record Item(string Account, DateTimeOffset? LastSync, long? AgeSeconds, int? Families, int? Added, int? Changed, int? Removed, string? Problem, DateTimeOffset? Next, bool Running, double? Seconds);

    public static void Map(RouteGroupBuilder sync) => sync.MapGet("/accounts", Handle).WithName(nameof(ListSyncStates));

    static async Task<Page<Item>> Handle([AsParameters] PageQuery page, NpgsqlDataSource db, DirectoryReplica directory, Person person, TimeProvider clock, CancellationToken cancel)
    {
        await using var command = db.CreateCommand(
            """
            select code, last_sync, families, added, changed, removed, problem, case when active then next_run end, coalesce(lease_until > now(), false), duration
            from unnest($1) code left join account_sync on account = code
            where $2 is null or code > $2 order by code limit $3
            """);
        command.Parameters.AddWithValue(directory.ReachOf(person).Codes);
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)page.Cursor ?? DBNull.Value);
        command.Parameters.AddWithValue(page.Size + 1);
        var items = new List<Item>();
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
        {
            var lastSync = At(1);
            items.Add(new(row.GetString(0), lastSync, lastSync is { } at ? (long)(clock.GetUtcNow() - at).TotalSeconds : null, Int(2), Int(3), Int(4), Int(5),
                row.IsDBNull(6) ? null : row.GetString(6), At(7), row.GetBoolean(8), row.IsDBNull(9) ? null : row.GetTimeSpan(9).TotalSeconds));
        }
        return items.Count > page.Size ? new(items[..page.Size], items[page.Size - 1].Account) : new(items, null);

        DateTimeOffset? At(int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
        int? Int(int column) => row.IsDBNull(column) ? null : row.GetInt32(column);
    }
}
