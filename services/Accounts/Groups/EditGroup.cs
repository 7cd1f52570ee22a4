using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Accounts.Groups;

/// <summary>
/// Repeating it changes nothing more; of two simultaneous edits the second is applied on top of the first (<see cref="DirectoryChange"/>).
/// </summary>
public static class EditGroup
{
    sealed record Facts(string Name, bool Active, string? UserEmail, string? AdminEmail, string? Parent);

    public static void Map(RouteGroupBuilder groups) =>
        groups.MapPatch("/{id:guid}", Handle).RequireAuthorization(Policies.Admin).WithName(nameof(EditGroup));

    static async Task<Results<Ok<GroupItem>, NotFound, ValidationProblem, ProblemHttpResult>> Handle(
        Guid id,
        GroupChange body,
        AccountsDb db,
        DirectoryChange change,
        DirectoryReplica directory,
        Person person,
        ActivityRecorder activities,
        CancellationToken cancel)
    {
        if (body.Name is not null && string.IsNullOrWhiteSpace(body.Name))
            return Refusal.Invalid("name", "A group needs a name.");
        if (!EmailAddress.IsNoneOrUsable(body.UserEmail))
            return EmailAddress.Refused("userEmail");
        if (!EmailAddress.IsNoneOrUsable(body.AdminEmail))
            return EmailAddress.Refused("adminEmail");

        var enterprise = await change.Begin(directory.EnterpriseOf(person.GroupId), cancel);
        if (enterprise.Managed(id, by: person.GroupId) is not { } now)
            return TypedResults.NotFound();
        var parentId = body.ParentId ?? now.ParentId;
        var moves = parentId != now.ParentId;
        if (id == person.GroupId && (moves || body.Active == false))
            return GroupRefusals.OwnGroup();
        if (body.Name is not null && enterprise!.HasGroupNamed(body.Name.Trim(), other: id))
            return GroupRefusals.NameTaken(body.Name.Trim());
        if (moves)
        {
            if (enterprise.Managed(parentId!.Value, by: person.GroupId) is not { } parent)
                return TypedResults.NotFound();
            if (enterprise!.Ancestry(parent.Id).Any(above => above.Id == id))
                return GroupRefusals.Cycle();
            if (now.Accounts.Except(parent.Accounts).ToList() is { Count: > 0 } lacking)
                return GroupRefusals.ParentLacks(parent, lacking);
        }

        var group = await db.Groups.SingleAsync(row => row.Id == id, cancel);
        var before = Of(group);
        group.Name = body.Name?.Trim() ?? group.Name;
        group.Active = body.Active ?? group.Active;
        group.UserEmail = EmailAddress.Read(body.UserEmail, group.UserEmail);
        group.AdminEmail = EmailAddress.Read(body.AdminEmail, group.AdminEmail);
        group.ParentId = parentId;
        if (Of(group) is var after && after != before)
        {
            var action = after.Active != before.Active
                ? after.Active ? AuditActions.GroupActivated : AuditActions.GroupDeactivated
                : moves ? AuditActions.GroupMoved : AuditActions.GroupEdited;
            db.Publish(activities.Of(person, action, group.Name, details: new { before, after }));
            await change.Commit(cancel);
        }
        return TypedResults.Ok(GroupItem.Of(
            new(id, group.Name, group.ParentId, group.Active, group.UserEmail, group.AdminEmail, now.Accounts), person.GroupId));

        Facts Of(PortalGroup row) =>
            new(row.Name, row.Active, row.UserEmail, row.AdminEmail, row.ParentId is { } above ? enterprise!.Groups[above].Name : null);
    }
}
