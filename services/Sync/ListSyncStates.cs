using System.Text.Json;
using Dapper;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Npgsql;

namespace EnterprisePortal.Sync;

public static class ListSyncStates
{
    public static void Map(RouteGroupBuilder sync) => sync.MapGet("/accounts", Handle).WithName(nameof(ListSyncStates));

    // Dapper cannot match an array column to a constructor by its type.
    [method: ExplicitConstructor]
    sealed record Row(
        string Code, DateTime? LastSync, int? Families, int? Added, int? Changed, int? Removed, string? Problem, DateTime? Next,
        bool Running, TimeSpan? Duration, bool Waiting, bool Applying, bool Followed, int? Drift, string[] DriftExamples,
        string Days);

    static async Task<Page<SyncState>> Handle(
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        DirectoryReplica directory,
        Person person,
        TimeProvider clock,
        CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var connection = await db.OpenConnectionAsync(cancel);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            select code, last_sync, families, added, changed, removed, problem, case when active then next_run end as next,
                   coalesce(lease_until > now(), false) as running, duration,
                   coalesce(active and next_run <= @now and (lease_until is null or lease_until <= now()), false) as waiting,
                   coalesce(active and read_run = run and applied_run is distinct from run and rejected_run is distinct from run
                     and (lease_until is null or lease_until <= now()), false) as applying,
                   coalesce(change_cursor is not null, false) as followed, drift_families as drift,
                   coalesce(drift_examples, '{}') as drift_examples,
                   (select coalesce(json_agg(history order by day), '[]')
                    from (select day, good, failed, families, problem from account_sync_day
                          where account_sync_day.account = code and day >= (@now::timestamptz at time zone 'UTC')::date - @shown
                         ) history)::text as days
            from unnest(@Codes) code left join account_sync on account = code
            where @Cursor::text is null or code > @Cursor order by code limit @most
            """,
            new { directory.ReachOf(person).Codes, page.Cursor, most = page.Size + 1, now, shown = SyncDays.Shown },
            cancellationToken: cancel));
        List<SyncState> items =
        [
            .. from row in rows
               let age = row.LastSync is { } at ? (long)(now - at).TotalSeconds : (long?)null
               select new SyncState(
                   row.Code, row.LastSync, age, row.Families, row.Added, row.Changed, row.Removed, row.Problem, row.Next, row.Running,
                   row.Duration?.TotalSeconds, row.Waiting, row.Applying, row.Followed, row.Drift, row.DriftExamples,
                   JsonSerializer.Deserialize<SyncDay[]>(row.Days, JsonSerializerOptions.Web)!)
        ];
        return items.Count > page.Size ? new(items[..page.Size], items[page.Size - 1].Account) : new(items, null);
    }
}
