using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Background;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.Observability;
using Npgsql;
using NpgsqlTypes;

namespace EnterprisePortal.Audit;

/// <summary>
/// Brings activities of portal users inside accounts into the log: an account's own Audit Log is read from a cursor every ten seconds while
/// somebody may be inside, a few accounts at a time. The cursor moves in the transaction of the entries, and an entry's id is derived from
/// the account's, so that nothing is lost or duplicated. An account that is down is tried again at growing intervals.
/// </summary>
public sealed class PullAccountActivity(AccountApiClient accounts, DirectoryReplica directory, AppendToLog append, SignedHeads heads,
    NpgsqlDataSource db, TimeProvider clock, ILogger<PullAccountActivity> log)
    : ClaimingLoop<PullAccountActivity.Feed>(parallel: 8, TimeSpan.FromSeconds(1), clock, log)
{
    static readonly TimeSpan PullInterval = TimeSpan.FromSeconds(10), Deadline = TimeSpan.FromSeconds(5);
    static readonly Backoff Retry = new(2 * PullInterval, TimeSpan.FromMinutes(10));

    public sealed record Feed(AccountState Account, Guid Enterprise, string? Cursor, int Failures);

    /// <summary>In the transaction that records the entries: from now on the account is polled.</summary>
    public static async Task Follow(NpgsqlConnection connection, IEnumerable<ActivityRecorded> entered, CancellationToken cancel)
    {
        var last = entered.GroupBy(entry => entry.Account!).OrderBy(account => account.Key, StringComparer.Ordinal)
            .Select(account => (Code: account.Key, At: account.Max(entry => entry.At))).ToList();
        if (last.Count == 0)
            return;
        await using var command = new NpgsqlCommand(
            """
            insert into account_feed (account, open_until, next_pull) select code, at + $3, at from unnest($1, $2) as entered (code, at)
            on conflict (account) do update set open_until = greatest(account_feed.open_until, excluded.open_until),
              next_pull = case when account_feed.failures = 0 then least(account_feed.next_pull, excluded.next_pull)
                else account_feed.next_pull end
            """, connection);
        command.Parameters.AddWithValue(last.Select(account => account.Code).ToArray());
        command.Parameters.AddWithValue(last.Select(account => account.At.ToUniversalTime()).ToArray());
        command.Parameters.AddWithValue(PortalSessions.Life);
        await command.ExecuteNonQueryAsync(cancel);
    }

    protected override string NameOf(Feed claim) => claim.Account.Code;

    /// <summary>
    /// Moves the due time ahead by the longest duration of one pull: other instances leave the account alone, and one that died is
    /// replaced.
    /// </summary>
    protected override async Task<Feed?> Claim(CancellationToken stop)
    {
        await using var command = db.CreateCommand(
            """
            update account_feed set next_pull = $1 + interval '1 minute'
            where account = (select account from account_feed where account = any($2) and next_pull <= $1 and next_pull <= open_until
              order by next_pull limit 1 for update skip locked)
            returning account, cursor, failures
            """);
        command.Parameters.AddWithValue(Clock.GetUtcNow());
        command.Parameters.AddWithValue(
            directory.AllAccounts.Where(account => account.Status == AccountState.Active).Select(account => account.Code).ToArray());
        await using var row = await command.ExecuteReaderAsync(stop);
        if (!await row.ReadAsync(stop) || directory.Account(row.GetString(0)) is not { } account)
            return null;
        var enterprise = directory.Enterprises.First(enterprise => enterprise.Accounts.ContainsKey(account.Code));
        return new(account, enterprise.Id, row.IsDBNull(1) ? null : row.GetString(1), row.GetInt32(2));
    }

    protected override async Task Work(Feed claim, CancellationToken stop)
    {
        try
        {
            await Pull(claim, stop);
        }
        catch (AccountUnavailable e)
        {
            await Failed(claim, e.Message, stop);
        }
    }

    async Task Pull(Feed feed, CancellationToken stop)
    {
        for (var (cursor, more) = (feed.Cursor, true); more;)
        {
            var path = cursor is null ? "audit-log" : $"audit-log?after={Uri.EscapeDataString(cursor)}";
            var page = await accounts.Get<AccountActivities>(feed.Account, path, Deadline, stop)
                ?? throw new AccountUnavailable("The account does not offer its Audit Log.");
            AccountEntries.Check(page, cursor, Clock.GetUtcNow());
            if (!await Record(feed, page, cursor, stop))
                return;
            (cursor, more) = (page.Cursor, page.More);
        }
    }

    /// <returns>False if another instance was faster.</returns>
    async Task<bool> Record(Feed feed, AccountActivities page, string? cursor, CancellationToken cancel)
    {
        using var work = page.Items.Count > 0 ? TracedWork.Begin("record account activity", feed.Account.Code) : null;
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // Lock the head first and the feed after it, as RecordActivity does: in opposite orders they could deadlock.
        var head = page.Items.Count == 0 ? null : await append.Append(connection, feed.Enterprise,
            await AccountEntries.Of(connection, feed.Account, feed.Enterprise, page.Items, cancel), cancel);
        await using var move =
            new NpgsqlCommand(
                "update account_feed set cursor = $3, failures = 0, problem = null, next_pull = $4 where account = $1 and cursor is not "
                + "distinct from $2", connection);
        move.Parameters.AddWithValue(feed.Account.Code);
        move.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)cursor ?? DBNull.Value);
        move.Parameters.AddWithValue(page.Cursor);
        move.Parameters.AddWithValue(Clock.GetUtcNow() + PullInterval);
        if (await move.ExecuteNonQueryAsync(cancel) == 0)
            return false;
        await transaction.CommitAsync(cancel);
        if (head is not null)
            heads.Note(head);
        return true;
    }

    async Task Failed(Feed feed, string problem, CancellationToken cancel)
    {
        if (feed.Failures == 0)
            Log.LogWarning("The activity in {Account} cannot be read now: {Problem}", feed.Account.Code, problem);
        await using var command = db.CreateCommand(
            "update account_feed set failures = failures + 1, problem = $2, next_pull = $3 where account = $1");
        command.Parameters.AddWithValue(feed.Account.Code);
        command.Parameters.AddWithValue(problem);
        command.Parameters.AddWithValue(Clock.GetUtcNow() + Retry.After(feed.Failures + 1));
        await command.ExecuteNonQueryAsync(cancel);
    }
}
