using System.Collections.Concurrent;
using EnterprisePortal.Contracts.Permissions;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.Observability;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EnterprisePortal.Permissions;

/// <summary>
/// Follows the tree (groups, assignments: at once) and the calendar (end dates, in each account's own zone: within a
/// minute; <see cref="EndRestrictions"/>).
/// Also repeats the push to accounts that did not take theirs; the delay grows with each attempt.
/// </summary>
sealed class FollowCauses(IServiceScopeFactory scopes, DirectoryReplica directory, ILogger<FollowCauses> log) : BackgroundService
{
    static readonly TimeSpan Tick = TimeSpan.FromSeconds(2);
    const int TicksPerCalendarCheck = 30;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var changed = new ConcurrentDictionary<Guid, bool>(directory.Enterprises.Select(known => KeyValuePair.Create(known.Id, true)));
        directory.Changed += enterprise => changed[enterprise.Id] = true;
        using var timer = new PeriodicTimer(Tick);
        for (var tick = 0; await timer.WaitForNextTickAsync(stoppingToken); tick++)
        {
            if (tick % TicksPerCalendarCheck == 0)
                foreach (var enterprise in directory.Enterprises)
                    changed[enterprise.Id] = true;
            try
            {
                foreach (var id in changed.Keys)
                    if (changed.TryRemove(id, out _) && directory.Of(id) is { } enterprise)
                        await Update(enterprise, stoppingToken);
                await WakePending(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("Restrictions will be looked at again: {Problem}", e.Message);
                foreach (var enterprise in directory.Enterprises)
                    changed[enterprise.Id] = true;
            }
        }
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

    /// <summary>Moving the next try forward is what claims the row: of two replicas only one updates it.</summary>
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
        using var work = due.Count > 0 ? TracedWork.Begin("repeat restrictions") : null;
        foreach (var account in due)
            db.Publish(new PushRestrictions(account));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }
}
