using EnterprisePortal.Contracts;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Accounts.Groups;

/// <summary>
/// The account leaves every group below as well: the rows there depend on this one. An account that is not in the group is no error, so a
/// repeated request gets the same answer.
/// </summary>
public static class UnassignAccount
{
    public static void Map(RouteGroupBuilder groups) =>
        groups.MapDelete("/{id:guid}/accounts/{code}", Handle).RequireAuthorization(Policies.Admin).WithName(nameof(UnassignAccount));

    static async Task<Results<NoContent, NotFound>> Handle(
        Guid id, string code, AccountsDb db, DirectoryChange change, DirectoryReplica directory,
        Person person, ActivityRecorder activities, CancellationToken cancel)
    {
        var enterprise = await change.Begin(directory.EnterpriseOf(person.GroupId), cancel);
        if (enterprise.Managed(id, by: person.GroupId) is not { } group)
            return TypedResults.NotFound();
        if (!group.Accounts.Contains(code))
            return enterprise!.Sees(code, person.GroupId) ? TypedResults.NoContent() : TypedResults.NotFound();

        var below = enterprise!.Subtree(id).Where(other => other.Id != id && other.Accounts.Contains(code))
            .Select(other => other.Name).ToList();
        await db.GroupAccounts.Where(row => row.GroupId == id && row.AccountCode == code).ExecuteDeleteAsync(cancel);
        db.Publish(activities.Of(person, AuditActions.GroupAccountRemoved, group.Name, code, new { alsoFrom = below }));
        await change.Commit(cancel);
        return TypedResults.NoContent();
    }
}
