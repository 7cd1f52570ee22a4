using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Permissions;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Background;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.Messaging;
using MassTransit;
using Npgsql;

namespace EnterprisePortal.Permissions;

/// <summary>
/// Delivers one account its current set. Harmless to repeat: the account keeps the highest version, and the row's applied version only ever
/// rises. An account that does not apply it is retried by its row (<see cref="FollowCauses"/>), not by the bus, however long it takes. A
/// change of the root group is a thousand of these, so each queries the database only twice.
/// </summary>
sealed class DeliverRestrictions(NpgsqlDataSource db, DirectoryReplica directory, AccountApiClient accounts, TimeProvider clock)
    : IConsumer<PushRestrictions>
{
    /// <summary>Waiting for accounts costs nothing, and dozens of dead ones at once must not delay the others.</summary>
    public const int Parallelism = 64;
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);
    static readonly Backoff Retry = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2));

    public async Task Consume(ConsumeContext<PushRestrictions> context)
    {
        if (directory.Account(context.Message.Account) is not { } account
            || await Pending(account.Code, context.CancellationToken) is not { } set)
            return;
        try
        {
            await accounts.Put(account, "restrictions", set.Body, Deadline, context.CancellationToken);
            await RecordApplied(account, set.Body.Version, context.CancellationToken);
        }
        catch (AccountUnavailable e)
        {
            await RecordFailure(account, set, e.Message, context.CancellationToken);
        }
    }

    sealed record PendingSet(RestrictionSet Body, int Attempts);

    async Task<PendingSet?> Pending(string account, CancellationToken cancel)
    {
        await using var command = db.CreateCommand(
            "select version, restrictions::text, attempts from account_set where account = $1 and applied_version < version");
        command.Parameters.AddWithValue(account);
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel)
            ? new(new(row.GetInt64(0), JsonSerializer.Deserialize<List<Restriction>>(row.GetString(1), JsonSerializerOptions.Web)!),
                row.GetInt32(2)) : null;
    }

    async Task RecordApplied(AccountState account, long version, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var connection = await db.OpenConnectionAsync(cancel);
        // The Admin who connects an account waits for this; nobody waits for the others.
        await using var transaction = account.Status == AccountState.Onboarding ? await connection.BeginTransactionAsync(cancel) : null;
        await using var command =
            new NpgsqlCommand(
                "update account_set set applied_version = $2, applied_at = $3, problem = null, attempts = 0 where account = $1 and "
                + "applied_version < $2", connection);
        command.Parameters.AddWithValue(account.Code);
        command.Parameters.AddWithValue(version);
        command.Parameters.AddWithValue(now);
        if (await command.ExecuteNonQueryAsync(cancel) == 0 || transaction is null)
            return;
        await connection.Publish(new RestrictionsTaken(account.Code, version, now), cancel);
        await transaction.CommitAsync(cancel);
    }

    async Task RecordFailure(AccountState account, PendingSet set, string problem, CancellationToken cancel)
    {
        await using var command =
            db.CreateCommand(
                "update account_set set problem = $3, attempts = $4, next_try = $5 where account = $1 and version = $2 and "
                + "applied_version < version");
        command.Parameters.AddWithValue(account.Code);
        command.Parameters.AddWithValue(set.Body.Version);
        command.Parameters.AddWithValue(problem);
        command.Parameters.AddWithValue(set.Attempts + 1);
        command.Parameters.AddWithValue(clock.GetUtcNow() + Retry.After(set.Attempts + 1));
        await command.ExecuteNonQueryAsync(cancel);
    }
}

sealed class DeliverRestrictionsDefinition : ConsumerDefinition<DeliverRestrictions>
{
    public DeliverRestrictionsDefinition()
    {
        // The queue's first name: under another, the old queue would stay on the broker and keep collecting messages.
        EndpointName = "permissions-bring-restrictions";
        ConcurrentMessageLimit = DeliverRestrictions.Parallelism;
    }

    protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<DeliverRestrictions> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.PrefetchCount = DeliverRestrictions.Parallelism;
}
