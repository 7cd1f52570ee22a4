using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.Sync;

/// <summary>
/// Makes accounts due at once. Done when an account's <c>lastSync</c> is at or after the answer's <c>requestedAt</c>: an account that is
/// being read at this moment is read once more. Asking twice makes it due once.
/// </summary>
public static class SyncNow
{
    public static void Map(RouteGroupBuilder sync) => sync.MapPost("/runs", Handle).WithName(nameof(SyncNow));

    static async Task<Results<Accepted<SyncRequested>, NotFound, ProblemHttpResult>> Handle(
        SyncRequest? body,
        NpgsqlDataSource db,
        DirectoryReplica directory,
        Person person,
        ActivityRecorder activities,
        TimeProvider clock,
        CancellationToken cancel)
    {
        var reach = directory.ReachOf(person);
        var named = body?.Accounts is { Length: > 0 } given ? given.Distinct().ToArray() : null;
        if (named?.All(reach.Contains) == false)
            return TypedResults.NotFound();
        if (named?.FirstOrDefault(code => reach.Accounts[code].Status != AccountState.Active) is { } resting)
            return Refusal.Of("account-not-active",
                $"{reach.Accounts[resting].Name} is {reach.Accounts[resting].Status} and is not synced.");

        var codes = named ?? [.. reach.Accounts.Values.Where(account => account.Status == AccountState.Active)
            .Select(account => account.Code).Order(StringComparer.Ordinal)];
        var now = clock.GetUtcNow();
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var command = new NpgsqlCommand(
            """
            update account_sync set requested_at = $2, next_run = least(next_run, $2)
            where account in (select account from account_sync where account = any($1) and active order by account for update)
            """, connection))
        {
            command.Parameters.AddWithValue(codes);
            command.Parameters.AddWithValue(now);
            await command.ExecuteNonQueryAsync(cancel);
        }
        if (codes.Length > 0)
        {
            var one = codes is [var only] ? reach.Accounts[only] : null;
            await connection.Publish(activities.Of(person, AuditActions.SyncRequested,
                one?.Name ?? $"{codes.Length} accounts", one?.Code, new { accounts = codes }), cancel);
        }
        await using (var wake = new NpgsqlCommand("notify sync", connection))
            await wake.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        return TypedResults.Accepted("/api/sync/accounts", new SyncRequested(now, codes));
    }
}
