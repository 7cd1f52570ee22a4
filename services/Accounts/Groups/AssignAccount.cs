using EnterprisePortal.Contracts;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Accounts.Groups;

/// <summary>
/// Assigning an assigned account changes nothing and answers the same. The parent's row is a foreign key, so no race can break the subset.
/// </summary>
public static class AssignAccount
{
    public static void Map(RouteGroupBuilder groups) =>
        groups.MapPut("/{id:guid}/accounts/{code}", Handle).RequireAuthorization(Policies.Admin).WithName(nameof(AssignAccount));

    static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, string code, AccountsDb db, DirectoryChange change, DirectoryReplica directory,
        Person person, ActivityRecorder activities, CancellationToken cancel)
    {
        var enterprise = await change.Begin(directory.EnterpriseOf(person.GroupId), cancel);
        if (enterprise.Managed(id, by: person.GroupId) is not { } group || !enterprise!.Sees(code, person.GroupId))
            return TypedResults.NotFound();
        if (group.Accounts.Contains(code))
            return TypedResults.NoContent();
        if (group.ParentId is { } parentId && enterprise!.Groups[parentId] is var parent && !parent.Accounts.Contains(code))
            return GroupRefusals.ParentLacks(parent, [code]);

        db.Add(new GroupAccount(id, code, group.ParentId));
        db.Publish(activities.Of(person, AuditActions.GroupAccountAdded, group.Name, code));
        await change.Commit(cancel);
        return TypedResults.NoContent();
    }
}
