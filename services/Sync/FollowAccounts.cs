using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.Directory;
using Npgsql;

namespace EnterprisePortal.Sync;

/// <summary>
/// Keeps a row per account of the directory. A new or reinstated account is due at once: the first sync follows onboarding.
/// Every instance does this; repeating it changes nothing.
/// </summary>
public sealed class FollowAccounts(DirectoryReplica directory, NpgsqlDataSource db, TimeProvider clock, ILogger<FollowAccounts> log) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    readonly SemaphoreSlim changed = new(1, 1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        directory.Changed += Wake;
        while (!stoppingToken.IsCancellationRequested)
        {
            await changed.WaitAsync(Pause, stoppingToken);
            try
            {
                await Follow(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                log.LogWarning("Accounts were not followed: {Problem}", e.Message);
            }
        }
    }

    void Wake(Enterprise enterprise)
    {
        lock (changed)
            if (changed.CurrentCount == 0)
                changed.Release();
    }

    async Task Follow(CancellationToken cancel)
    {
        var accounts = directory.AllAccounts.OrderBy(account => account.Code, StringComparer.Ordinal).ToList();
        await using var command = db.CreateCommand(
            """
            with followed as (
              insert into account_sync (account, host, active, next_run) select *, $4 from unnest($1, $2, $3)
              on conflict (account) do update set host = excluded.host, active = excluded.active,
                next_run = case when excluded.active and not account_sync.active then excluded.next_run else account_sync.next_run end
              where (account_sync.host, account_sync.active) is distinct from (excluded.host, excluded.active)
              returning 1)
            select pg_notify('sync', '') from followed limit 1
            """);
        command.Parameters.AddWithValue(accounts.Select(account => account.Code).ToArray());
        command.Parameters.AddWithValue(accounts.Select(account => new Uri(account.BaseUrl).Authority).ToArray());
        command.Parameters.AddWithValue(accounts.Select(account => account.Status == AccountState.Active).ToArray());
        command.Parameters.AddWithValue(clock.GetUtcNow());
        await command.ExecuteNonQueryAsync(cancel);
    }

    public override void Dispose()
    {
        directory.Changed -= Wake;
        changed.Dispose();
        base.Dispose();
    }
}
