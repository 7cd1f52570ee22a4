using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.Directory;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace EnterprisePortal.Accounts;

/// <summary>
/// The one way to change a directory. <see cref="Begin"/> takes the next version and, with it, the enterprise's row lock: of two
/// simultaneous changes the second sees the result of the first and builds on it. <see cref="Commit"/> publishes the whole new state in the
/// transaction of the change. Without Commit, everything is rolled back at the end of the request.
/// </summary>
public sealed class DirectoryChange(AccountsDb db, DirectoryReplica replica) : IAsyncDisposable
{
    IDbContextTransaction? transaction;
    Guid enterpriseId;

    /// <returns>The directory as it is under the lock; null if there is no such enterprise.</returns>
    public async Task<Enterprise?> Begin(Guid enterprise, CancellationToken cancel)
    {
        enterpriseId = enterprise;
        transaction = await db.Database.BeginTransactionAsync(cancel);
        var found = await db.Database.ExecuteSqlAsync($"update enterprise set version = version + 1 where id = {enterprise}", cancel);
        return found == 0 ? null : new(await DirectoryState.Read(db, enterprise, cancel));
    }

    public async Task Commit(CancellationToken cancel)
    {
        await db.SaveChangesAsync(cancel);
        var state = await DirectoryState.Read(db, enterpriseId, cancel);
        db.Publish(state);
        await db.SaveChangesAsync(cancel);
        await transaction!.CommitAsync(cancel);
        // Other instances get it from the bus; a caller of this instance sees the change in the next request.
        replica.Apply(state);
    }

    public ValueTask DisposeAsync() => transaction?.DisposeAsync() ?? ValueTask.CompletedTask;
}

static class DirectoryState
{
    public static async Task<DirectoryChanged> Read(AccountsDb db, Guid enterpriseId, CancellationToken cancel)
    {
        var enterprise = await db.Enterprises.AsNoTracking().SingleAsync(row => row.Id == enterpriseId, cancel);
        var members = (await db.GroupAccounts.AsNoTracking()
            .Where(row => db.Groups.Any(group => group.Id == row.GroupId && group.EnterpriseId == enterpriseId)).ToListAsync(cancel))
            .ToLookup(row => row.GroupId, row => row.AccountCode);
        var groups = await db.Groups.AsNoTracking().Where(group => group.EnterpriseId == enterpriseId).OrderBy(group => group.Name)
            .ToListAsync(cancel);
        var accounts = await db.Accounts.AsNoTracking().Where(account => account.EnterpriseId == enterpriseId)
            .OrderBy(account => account.Code)
            .Select(account => new AccountState(account.Code, account.Name, account.Status, account.TimeZone, account.Country,
                account.BaseUrl, account.ClientKeys)).ToListAsync(cancel);
        var brand = await db.Brands.AsNoTracking().Where(row => row.EnterpriseId == enterpriseId)
            .Select(row => new Contracts.Accounts.Brand(row.Name, row.Accent, row.LogoId)).SingleOrDefaultAsync(cancel);
        return new(enterprise.Id, enterprise.Name, enterprise.Version,
            [.. groups.Select(group => new GroupState(group.Id, group.Name, group.ParentId, group.Active, group.UserEmail, group.AdminEmail,
                [.. members[group.Id].Order(StringComparer.Ordinal)]))],
            accounts, brand);
    }
}

/// <summary>Answers a service that has just started. Readers keep the highest version, so repetition is harmless.</summary>
public sealed class AnswerDirectoryRequest(AccountsDb db, DirectoryReplica replica) : IConsumer<DirectoryRequested>
{
    public async Task Consume(ConsumeContext<DirectoryRequested> context)
    {
        // One database snapshot, so that no version is published with another's content.
        await using var transaction = await db.Database.BeginTransactionAsync(
            System.Data.IsolationLevel.RepeatableRead, context.CancellationToken);
        var versions = new Dictionary<Guid, long>();
        foreach (var id in await db.Enterprises.Where(row => row.Version > 0).Select(row => row.Id).ToListAsync(context.CancellationToken))
        {
            var state = await DirectoryState.Read(db, id, context.CancellationToken);
            versions[id] = state.Version;
            replica.Apply(state);
            await context.Publish(state);
        }
        await context.Publish(new DirectoryResent(versions));
    }
}
