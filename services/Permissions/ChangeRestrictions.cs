using System.ComponentModel.DataAnnotations;
using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Permissions;

/// <summary>
/// Removes permissions for a group, or allows again what the same group had removed; one or many in one transaction. Idempotent: the row
/// (group, permission) is the state, and a request that changes nothing raises no version.
/// </summary>
public static class ChangeRestrictions
{
    public record RemoveBody([Required, StringLength(500), PlainText] string Reason, DateOnly? Until);

    public static void Map(RouteGroupBuilder groups)
    {
        groups.MapPut("/{groupId:guid}/removed/{permission}",
            (Guid groupId, string permission, RemoveBody body, RestrictionChange change, Person person, CancellationToken cancel) =>
            change.Apply(person, groupId, [permission], [], body.Reason, body.Until, cancel)).WithName("RemovePermission");
        groups.MapDelete("/{groupId:guid}/removed/{permission}",
            (Guid groupId, string permission, RestrictionChange change, Person person, CancellationToken cancel) =>
            change.Apply(person, groupId, [], [permission], null, null, cancel)).WithName("AllowPermission");
        groups.MapPost("/{groupId:guid}/changes",
            (Guid groupId, RestrictionChanges body, RestrictionChange change, Person person, CancellationToken cancel) =>
            change.Apply(person, groupId, body.Remove ?? [], body.Allow ?? [], body.Reason, body.Until, cancel))
                .WithName(nameof(ChangeRestrictions));
    }
}

/// <summary>The one place where restrictions change. Under the enterprise's lock: a version is raised once per change.</summary>
sealed class RestrictionChange(PermissionsDb db, UpdateSets sets, EndRestrictions ends,
    DirectoryReplica directory, ActivityRecorder activities, TimeProvider clock)
{
    public async Task<Results<NoContent, NotFound, ValidationProblem, ProblemHttpResult>> Apply(Person person, Guid groupId,
        IReadOnlyList<string> remove, IReadOnlyList<string> allow, string? reason, DateOnly? until, CancellationToken cancel)
    {
        var reach = directory.ReachOf(person);
        if (reach.Groups.FirstOrDefault(group => group.Id == groupId) is not { } group
            || remove.Concat(allow).Any(id => !PermissionCatalogue.ById.ContainsKey(id)))
            return TypedResults.NotFound();
        if (remove.Any(id => !PermissionCatalogue.IsRemovable(id)))
            return Refusals.NotRemovable;
        if (remove.Count > 0 && string.IsNullOrWhiteSpace(reason))
            return Refusal.Invalid("reason", "Say why: staff see it where the permission is missing.");
        var enterprise = reach.Enterprise!;
        var today = enterprise.Today(group, clock.GetUtcNow());
        if (until < today)
            return Refusal.Invalid("until", "That day is over in every account of the group.");

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await sets.Lock(enterprise.Id, cancel);
        await ends.Of(enterprise, cancel);
        var here = await db.Restrictions.Where(row => row.GroupId == groupId).ToDictionaryAsync(row => row.Permission, cancel);
        foreach (var id in allow)
            if (!here.ContainsKey(id) && await RemovedAbove(enterprise, groupId, id, today, cancel) is { } above)
                return Refusals.RemovedAbove(PermissionCatalogue.ById[id].Name, above);

        foreach (var id in remove)
            Remove(person, group.Id, group.Name, here.GetValueOrDefault(id), id, reason!, until);
        foreach (var row in allow.Select(here.GetValueOrDefault).OfType<GroupRestriction>())
            Allow(person, group.Name, row);
        await db.SaveChangesAsync(cancel);
        await sets.For(enterprise, cancel);
        await transaction.CommitAsync(cancel);
        return TypedResults.NoContent();
    }

    /// <param name="today">The date in the group's accounts: a restriction whose last day is over there no longer binds it.</param>
    async Task<string?> RemovedAbove(Enterprise enterprise, Guid groupId, string permission, DateOnly today, CancellationToken cancel)
    {
        var above = enterprise.Ancestry(groupId).Skip(1).ToList();
        var ids = above.Select(group => group.Id).ToArray();
        var removing = await db.Restrictions
            .Where(row => ids.Contains(row.GroupId) && row.Permission == permission && (row.Until == null || row.Until >= today))
            .Select(row => row.GroupId).ToListAsync(cancel);
        return above.LastOrDefault(group => removing.Contains(group.Id))?.Name;
    }

    void Remove(Person person, Guid groupId, string groupName, GroupRestriction? before, string permission, string reason, DateOnly? until)
    {
        if (before is not null && before.Reason == reason && before.Until == until)
            return;
        var was = before is null ? null : new { before.Reason, before.Until };
        if (before is null)
            db.Add(before = new() { GroupId = groupId, Permission = permission, Reason = "", ByName = "" });
        (before.Reason, before.Until, before.EndedAt) = (reason, until, null);
        (before.ById, before.ByName, before.At) = (person.Id, person.Name, clock.GetUtcNow());
        Keep(person, groupName, before, RestrictionHistory.Removed, AuditActions.PermissionRemoved, was);
    }

    void Allow(Person person, string groupName, GroupRestriction row)
    {
        db.Remove(row);
        // If its last day was over before, it only leaves the list: nobody gains a permission.
        if (row.EndedAt is null)
            Keep(person, groupName, row, RestrictionHistory.Allowed, AuditActions.PermissionAllowed, new { row.Reason, row.Until });
    }

    void Keep(Person person, string groupName, GroupRestriction row, string action, AuditAction activity, object? before)
    {
        db.Add(new RestrictionHistory
        {
            GroupId = row.GroupId, Permission = row.Permission, Action = action, Reason = row.Reason, Until = row.Until,
            ByName = person.Name, At = clock.GetUtcNow()
        });
        db.Publish(activities.Of(person, activity, $"{PermissionCatalogue.ById[row.Permission].Name} · {groupName}",
            details: new { before, after = action == RestrictionHistory.Removed ? new { row.Reason, row.Until } : null }));
    }
}
