using System.Collections.Concurrent;
using EnterprisePortal.Contracts.Permissions;
using EnterprisePortal.ServiceDefaults.Background;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.Observability;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Permissions;

/// <summary>
/// Follows the tree (groups, assignments: at once) and the calendar (end dates, in each account's own zone: within a minute; <see
/// cref="EndRestrictions"/>). Also repeats the delivery to accounts that have not applied their set; the delay grows with each attempt.
/// </summary>
sealed class FollowCauses(IServiceScopeFactory scopes, DirectoryReplica directory, TimeProvider clock, ILogger<FollowCauses> log)
    : DirectoryLoop(directory, TimeSpan.FromSeconds(2), clock, log)
{
    static readonly TimeSpan CalendarInterval = TimeSpan.FromMinutes(1);
    readonly ConcurrentDictionary<Guid, bool> changed = new();
    long? calendarReadAt;

    protected override void Changed(Enterprise enterprise)
    {
        changed[enterprise.Id] = true;
        base.Changed(enterprise);
    }

    protected override async Task Round(CancellationToken stop)
    {
        if (calendarReadAt is not { } read || Clock.GetElapsedTime(read) >= CalendarInterval)
        {
            calendarReadAt = Clock.GetTimestamp();
            foreach (var enterprise in Directory.Enterprises)
                changed[enterprise.Id] = true;
        }
        foreach (var id in changed.Keys)
            if (changed.TryRemove(id, out _) && Directory.Of(id) is { } enterprise)
                try
                {
                    await Update(enterprise, stop);
                }
                catch
                {
                    changed[id] = true;
                    throw;
                }
        await WakePending(stop);
    }

    async Task Update(Enterprise enterprise, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PermissionsDb>();
        var sets = scope.ServiceProvider.GetRequiredService<UpdateSets>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await sets.Lock(enterprise.Id, cancel);
        await scope.ServiceProvider.GetRequiredService<EndRestrictions>().Of(enterprise, cancel);
        await sets.For(enterprise, cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Moving the next attempt forward claims the row: of two replicas only one updates it.</summary>
    async Task WakePending(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PermissionsDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var due = await db.Database.SqlQuery<string>(
            $"""
            update account_set set next_try = now() + interval '30 seconds'
            where applied_version < version and next_try <= now() returning account as "Value"
            """).ToListAsync(cancel);
        using var work = due.Count > 0 ? TracedWork.Begin("retry deliveries") : null;
        foreach (var account in due)
            db.Publish(new PushRestrictions(account));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }
}
