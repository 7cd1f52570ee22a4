using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.Background;
using EnterprisePortal.ServiceDefaults.Directory;
using Npgsql;

namespace EnterprisePortal.Sync;

/// <summary>
/// Keeps a row per account of the directory. A new or reinstated account is due at once: the first sync follows onboarding. The row of an
/// account that has left its enterprise is deleted. Every instance does this; repeating it changes nothing, and an instance with an older
/// directory is corrected within a minute.
/// </summary>
public sealed class FollowAccounts(DirectoryReplica directory, NpgsqlDataSource db, TimeProvider clock, ILogger<FollowAccounts> log)
    : DirectoryLoop(directory, TimeSpan.FromMinutes(1), clock, log)
{
    protected override async Task Round(CancellationToken stop)
    {
        var accounts = Directory.Enterprises
            .SelectMany(enterprise => enterprise.Accounts.Values.Select(account => (Enterprise: enterprise.Id, State: account)))
            .OrderBy(account => account.State.Code, StringComparer.Ordinal).ToList();
        await using var command = db.CreateCommand(
            """
            with followed as (
              insert into account_sync (account, host, active, enterprise_id, next_run) select *, $5 from unnest($1, $2, $3, $4)
              on conflict (account) do update set host = excluded.host, active = excluded.active, enterprise_id = excluded.enterprise_id,
                next_run = case when excluded.active and not account_sync.active then excluded.next_run else account_sync.next_run end
              where (account_sync.host, account_sync.active, account_sync.enterprise_id) is distinct
                from (excluded.host, excluded.active, excluded.enterprise_id)
              returning 1),
            gone as (delete from account_sync where enterprise_id = any($6) and not account = any($1))
            select pg_notify('sync', '') from followed limit 1
            """);
        command.Parameters.AddWithValue(accounts.Select(account => account.State.Code).ToArray());
        command.Parameters.AddWithValue(accounts.Select(account => new Uri(account.State.BaseUrl).Authority).ToArray());
        command.Parameters.AddWithValue(accounts.Select(account => account.State.Status == AccountState.Active).ToArray());
        command.Parameters.AddWithValue(accounts.Select(account => account.Enterprise).ToArray());
        command.Parameters.AddWithValue(Clock.GetUtcNow());
        command.Parameters.AddWithValue(Directory.Enterprises.Select(enterprise => enterprise.Id).ToArray());
        await command.ExecuteNonQueryAsync(stop);
    }
}
