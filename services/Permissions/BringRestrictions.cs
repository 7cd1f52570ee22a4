using System.Net.Http.Json;
using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Permissions;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Directory;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Permissions;

/// <summary>
/// Sends one account its present set. Harmless to repeat: the account keeps the highest version, and the row only ever learns of a higher
/// applied one. An account that does not take it is not retried by the bus but by its row (<see cref="FollowCauses"/>), however long it takes.
/// </summary>
sealed class BringRestrictions(PermissionsDb db, DirectoryReplica directory, AccountApiClient accounts, TimeProvider clock) : IConsumer<PushRestrictions>
{
    /// <summary>Waiting for accounts costs nothing, and dozens of dead ones at once are not to delay the others.</summary>
    public const int Parallelism = 64;
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5), LongestWait = TimeSpan.FromMinutes(2);

    public async Task Consume(ConsumeContext<PushRestrictions> context)
    {
        var set = await db.AccountSets.AsNoTracking().SingleOrDefaultAsync(row => row.Account == context.Message.Account, context.CancellationToken);
        if (set is null || set.AppliedVersion >= set.Version || directory.Account(set.Account) is not { } account)
            return;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            var body = new RestrictionSet(set.Version, JsonSerializer.Deserialize<List<Restriction>>(set.Restrictions, JsonSerializerOptions.Web)!);
            using var request = new HttpRequestMessage(HttpMethod.Put, account.BaseUrl + AccountApiClient.Path + "restrictions") { Content = JsonContent.Create(body) };
            using var answer = await accounts.Send(account, request, deadline.Token);
            if (!answer.IsSuccessStatusCode)
                throw new AccountUnavailable($"The account answered with an error ({(int)answer.StatusCode}).");
            await Taken(set, context.CancellationToken);
        }
        catch (AccountUnavailable e)
        {
            await Failed(set, e.Message, context.CancellationToken);
        }
        catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested)
        {
            await Failed(set, "The account did not answer in time.", context.CancellationToken);
        }
    }

    async Task Taken(AccountSet set, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var higher = await db.AccountSets.Where(row => row.Account == set.Account && row.AppliedVersion < set.Version).ExecuteUpdateAsync(row => row
            .SetProperty(applied => applied.AppliedVersion, set.Version).SetProperty(applied => applied.AppliedAt, now)
            .SetProperty(applied => applied.Problem, (string?)null).SetProperty(applied => applied.Attempts, 0), cancel);
        if (higher == 1)
            db.Publish(new RestrictionsTaken(set.Account, set.Version, now));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    Task Failed(AccountSet set, string problem, CancellationToken cancel)
    {
        var wait = TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, Math.Pow(2, Math.Min(set.Attempts, 10))));
        return db.AccountSets.Where(row => row.Account == set.Account && row.Version == set.Version && row.AppliedVersion < row.Version).ExecuteUpdateAsync(row => row
            .SetProperty(failed => failed.Problem, problem).SetProperty(failed => failed.Attempts, set.Attempts + 1)
            .SetProperty(failed => failed.NextTry, clock.GetUtcNow() + wait), cancel);
    }
}

sealed class BringRestrictionsDefinition : ConsumerDefinition<BringRestrictions>
{
    public BringRestrictionsDefinition() => ConcurrentMessageLimit = BringRestrictions.Parallelism;

    protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<BringRestrictions> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.PrefetchCount = BringRestrictions.Parallelism;
}
