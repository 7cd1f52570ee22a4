using System.Net;
using EnterprisePortal.Contracts.AccountApi;
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
/// Follows the change feeds of accounts that have one, so that the index is seconds behind, not a night. The cursor moves in the
/// transaction that publishes the changes before it: a change is published at least once, and readers keep the newest. Instances share the
/// accounts (<c>skip locked</c>).
/// </summary>
public sealed class PollChanges(AccountApiClient accounts, DirectoryReplica directory, NpgsqlDataSource db, IOptions<SyncOptions> options,
    TimeProvider clock, ILogger<PollChanges> log) : BackgroundLoop(TimeSpan.FromSeconds(1), clock, log)
{
    const int Parallel = 8;
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    protected override async Task Round(CancellationToken stop)
    {
        while (await Claim(stop) is { Count: > 0 } feeds)
            await Task.WhenAll(feeds.Select(feed => Follow(feed.Account, feed.Cursor, stop)));
    }

    async Task<List<(string Account, string Cursor)>> Claim(CancellationToken cancel)
    {
        await using var command = db.CreateCommand(
            """
            update account_sync set next_poll = now() + $1 where account in (
              select account from account_sync where active and change_cursor is not null and next_poll <= now()
                order by next_poll limit $2 for update skip locked)
            returning account, change_cursor
            """);
        command.Parameters.AddWithValue(options.Value.PollInterval);
        command.Parameters.AddWithValue(Parallel);
        var feeds = new List<(string, string)>();
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            feeds.Add((rows.GetString(0), rows.GetString(1)));
        return feeds;
    }

    async Task Follow(string code, string cursor, CancellationToken stop)
    {
        if (directory.Account(code) is not { } account)
            return;
        try
        {
            // One deadline for the whole feed: an account that never stops sending holds up nobody.
            await accounts.Within(Deadline, async token =>
            {
                for (var more = true; more;)
                {
                    var (changes, refused) = await Ask(account, cursor, token);
                    if (changes is null)
                    {
                        await Lost(account, cursor, refused, stop);
                        break;
                    }
                    await Tell(account, cursor, changes, stop);
                    more = changes.More && changes.Cursor != cursor;
                    cursor = changes.Cursor;
                }
                return cursor;
            }, stop);
        }
        catch (AccountUnavailable e)
        {
            // It is polled again soon; on the sync page the snapshot shows that an account is down.
            Log.LogDebug("The changes of {Account} wait: {Problem}", code, e.Message);
        }
    }

    async Task<(FamilyChanges? Changes, HttpStatusCode Refused)> Ask(AccountState account, string cursor, CancellationToken cancel)
    {
        using var answer = await accounts.Send(account, new(HttpMethod.Get, $"changes?after={Uri.EscapeDataString(cursor)}"), cancel);
        if (!answer.IsSuccessStatusCode)
            return (null, answer.StatusCode);
        var changes = await AccountApiClient.Read<FamilyChanges>(answer, cancel);
        return changes is { Cursor.Length: > 0, Families: not null, Removed: not null, Erased: not null }
            && changes.Families.All(family => family?.Id is not null)
            ? (changes, default) : throw new AccountUnavailable("The account sent changes that do not follow the Account API.");
    }

    async Task Tell(AccountState account, string cursor, FamilyChanges changes, CancellationToken cancel)
    {
        var named = changes.Families.Count + changes.Removed.Count > 0;
        using var work = named || changes.Erased.Count > 0 ? TracedWork.Begin("pass changes on", account.Code) : null;
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (!await Move(connection, account, cursor, changes.Cursor, cancel))
            return;
        if (named)
            await connection.Publish(new FamiliesChanged(account.Code, changes.TakenAt, changes.Families, changes.Removed), cancel);
        foreach (var family in changes.Erased)
            await connection.Publish(new FamilyErased(account.Code, family), cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>
    /// The account does not know the cursor (it was restored to an earlier state) or no longer has a feed: a snapshot, read now, brings a
    /// new cursor.
    /// </summary>
    async Task Lost(AccountState account, string cursor, HttpStatusCode status, CancellationToken cancel)
    {
        Log.LogWarning("The change feed of {Account} answered {Status}; a snapshot is read instead.", account.Code, (int)status);
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await Move(connection, account, cursor, null, cancel))
        {
            await using var read = new NpgsqlBatch(connection)
            {
                BatchCommands = { new("update account_sync set next_run = now() where account = $1")
                    { Parameters = { new() { Value = account.Code } } }, new("notify sync") }
            };
            await read.ExecuteNonQueryAsync(cancel);
        }
        await transaction.CommitAsync(cancel);
    }

    /// <returns>False if another instance was faster: it has published these changes.</returns>
    static async Task<bool> Move(NpgsqlConnection connection, AccountState account, string from, string? to, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "update account_sync set change_cursor = $3 where account = $1 and change_cursor = $2", connection);
        command.Parameters.AddWithValue(account.Code);
        command.Parameters.AddWithValue(from);
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)to ?? DBNull.Value);
        return await command.ExecuteNonQueryAsync(cancel) == 1;
    }
}
