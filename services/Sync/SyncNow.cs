using System.ComponentModel.DataAnnotations;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.Sync;

/// <summary>
/// Makes accounts due at once. Done when an account's <c>lastSync</c> is at or after the answer's <c>requestedAt</c>: one that is just being
/// read is read once more. Asking twice makes it due once.
/// </summary>
public static class SyncNow
{
    /// <param name="Accounts">Codes; none: all in reach.</param>
    public record Body([MaxLength(1000)] string[]? Accounts);

    public record Requested(DateTimeOffset RequestedAt, IReadOnlyList<string> Accounts);

    public static void Map(RouteGroupBuilder sync) => sync.MapPost("/runs", Handle).WithName(nameof(SyncNow));

    static async Task<Results<Accepted<Requested>, NotFound, ProblemHttpResult>> Handle(Body? body, NpgsqlDataSource db, DirectoryReplica directory,
        Person person, ActivityRecorder activities, TimeProvider clock, CancellationToken cancel)
    {
        var reach = directory.ReachOf(person);
        var named = body?.Accounts is { Length: > 0 } given ? given.Distinct().ToArray() : null;
        if (named?.All(reach.Contains) == false)
            return TypedResults.NotFound();
        if (named?.FirstOrDefault(code => reach.Accounts[code].Status != AccountState.Active) is { } resting)
            return Refusal.Of("account-not-active", $"{reach.Accounts[resting].Name} is {reach.Accounts[resting].Status} and is not synced.");

        var codes = named ?? [.. reach.Accounts.Values.Where(account => account.Status == AccountState.Active).Select(account => account.Code).Order(StringComparer.Ordinal)];
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
            await connection.Publish(activities.Of(person, "sync.requested", codes.Length == 1 ? reach.Accounts[codes[0]].Name : $"{codes.Length} accounts", codes.Length == 1 ? codes[0] : null, new { accounts = codes }), cancel);
        await using (var wake = new NpgsqlCommand("notify sync", connection))
            await wake.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        return TypedResults.Accepted("/api/sync/accounts", new Requested(now, codes));
    }
}
