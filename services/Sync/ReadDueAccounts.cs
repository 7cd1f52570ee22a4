using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Sync;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Background;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.ServiceDefaults.Observability;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace EnterprisePortal.Sync;

/// <summary>
/// Reads every account that is due: nightly, after a failure, or because somebody asked. An account that became due while the portal was
/// down is still due when it is back. An account is claimed with a lease (<c>skip locked</c>), renewed during the reading, so that no two
/// instances read the same account, and an account whose instance died is read again half a minute later.
/// </summary>
public sealed class ReadDueAccounts(ReadAccount reader, DirectoryReplica directory, NpgsqlDataSource db, IOptions<SyncOptions> options,
    TimeProvider clock, ILogger<ReadDueAccounts> log)
    : ClaimingLoop<ReadDueAccounts.Claimed>(options.Value.Parallel, TimeSpan.FromSeconds(5), clock, log, new(db, "sync"))
{
    static readonly TimeSpan RenewInterval = TimeSpan.FromSeconds(10);

    /// <param name="Followed">Its change feed is being followed.</param>
    public sealed record Claimed(Guid Id, string Account, DateTimeOffset StartedAt, bool Followed);

    protected override string NameOf(Claimed claim) => claim.Account;

    protected override async Task<Claimed?> Claim(CancellationToken stop)
    {
        var (id, now) = (Guid.CreateVersion7(Clock.GetUtcNow()), Clock.GetUtcNow());
        await using var command = db.CreateCommand(
            """
            update account_sync set run = $1, run_started = $2, lease_until = now() + interval '30 seconds'
            where account = (
              select account from account_sync due
              where account = any($4) and active and next_run <= $2 and (lease_until is null or lease_until < now())
                and (select count(*) from account_sync busy where busy.host = due.host and busy.lease_until >= now()) < $3
              order by requested_at is null, next_run limit 1 for update skip locked)
            returning account, change_cursor is not null
            """);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(options.Value.ParallelPerHost);
        // Another instance may learn of an account a moment earlier than this one.
        command.Parameters.AddWithValue(directory.AllAccounts.Select(account => account.Code).ToArray());
        await using var row = await command.ExecuteReaderAsync(stop);
        return await row.ReadAsync(stop) ? new(id, row.GetString(0), now, row.GetBoolean(1)) : null;
    }

    protected override async Task Work(Claimed claim, CancellationToken stop)
    {
        using var work = TracedWork.Begin("read account", claim.Account);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var renewing = KeepLease(claim, reading);
        try
        {
            if (directory.Account(claim.Account) is not { } account)
                return;
            string? problem = null, cursor = null;
            try
            {
                cursor = await reader.Read(claim.Id, account, claim.Followed, reading.Token);
            }
            catch (AccountUnavailable e)
            {
                problem = e.Message;
            }
            await Finish(claim, account, problem, cursor);
        }
        catch (OperationCanceledException) when (reading.IsCancellationRequested)
        {
            // Stopping, or the lease was lost: its new holder reads the account again.
        }
        finally
        {
            await reading.CancelAsync();
            await renewing;
        }
    }

    async Task KeepLease(Claimed run, CancellationTokenSource reading)
    {
        try
        {
            while (true)
            {
                await Task.Delay(RenewInterval, Clock, reading.Token);
                await using var command = db.CreateCommand(
                    "update account_sync set lease_until = now() + interval '30 seconds' where account = $1 and run = $2");
                command.Parameters.AddWithValue(run.Account);
                command.Parameters.AddWithValue(run.Id);
                if (await command.ExecuteNonQueryAsync(reading.Token) == 0)
                    await reading.CancelAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The reading is finished.
        }
        catch (NpgsqlException e)
        {
            Log.LogWarning("The lease of {Account} was not renewed: {Problem}", run.Account, e.Message);
            await reading.CancelAsync();
        }
    }

    async Task Finish(Claimed run, AccountState account, string? problem, string? cursor)
    {
        await using var connection = await db.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var failures = problem is null ? 0 : await FailuresOf(connection, run) + 1;
        var now = Clock.GetUtcNow();
        await using var command = new NpgsqlCommand(
            $"""
            with ended as (
            update account_sync set lease_until = null, duration = $3, failures = case when $4 = 0 then failures
              else $4 end, problem = coalesce($5, problem),
              change_cursor = coalesce(change_cursor, $9), read_run = case when $4 = 0 then run else read_run end,
              next_run = case when $4 > 0 or rejected_run = run then $8 when requested_at > run_started then $6 else $7 end
            where account = $1 and run = $2 returning account),
            recorded as (select account from ended where $4 > 0)
            {SyncDays.Add("$10", "$5", "null::int")}
            """, connection);
        command.Parameters.AddWithValue(run.Account);
        command.Parameters.AddWithValue(run.Id);
        command.Parameters.AddWithValue(now - run.StartedAt);
        command.Parameters.AddWithValue(failures);
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)problem ?? DBNull.Value);
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(options.Value.NextNight(account.Code, account.TimeZone, now));
        command.Parameters.AddWithValue(now + (failures > 0 ? SyncOptions.RetryAfter(failures) : SyncOptions.RetryAfterRejection));
        // A feed that is already being followed continues at its own cursor: the snapshot only starts one.
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)cursor ?? DBNull.Value);
        command.Parameters.AddWithValue(directory.DayOf(account.Code, run.StartedAt));
        var recorded = (int)(await command.ExecuteScalarAsync())!;
        if (recorded == 1 && problem is not null)
        {
            Log.LogWarning("Syncing {Account} failed ({Failures}): {Problem}", account.Code, failures, problem);
            await connection.Publish(new SyncFailed(run.Id, account.Code, problem), default);
        }
        await using (var wake = new NpgsqlCommand("notify sync", connection))
            await wake.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    static async Task<int> FailuresOf(NpgsqlConnection connection, Claimed run)
    {
        await using var command = new NpgsqlCommand("select failures from account_sync where account = $1 for update", connection);
        command.Parameters.AddWithValue(run.Account);
        return (int)(await command.ExecuteScalarAsync() ?? 0);
    }
}
