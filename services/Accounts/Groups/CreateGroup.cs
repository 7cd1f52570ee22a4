using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Accounts.Groups;

/// <summary>A subgroup, inactive until an Admin activates it. A repeated request is refused, since the name is taken.</summary>
public static class CreateGroup
{
    public static void Map(RouteGroupBuilder groups) =>
        groups.MapPost("/", Handle).RequireAuthorization(Policies.Admin).WithName(nameof(CreateGroup));

    static async Task<Results<Created<GroupItem>, NotFound, ValidationProblem, ProblemHttpResult>> Handle(
        NewGroup body,
        AccountsDb db,
        DirectoryChange change,
        DirectoryReplica directory,
        Person person,
        ActivityRecorder activities,
        CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(body.Name))
            return Refusal.Invalid("name", "A group needs a name.");
        if (!EmailAddress.IsNoneOrUsable(body.UserEmail))
            return EmailAddress.Refused("userEmail");
        if (!EmailAddress.IsNoneOrUsable(body.AdminEmail))
            return EmailAddress.Refused("adminEmail");

        var enterprise = await change.Begin(directory.EnterpriseOf(person.GroupId), cancel);
        var name = body.Name.Trim();
        if (enterprise.Managed(body.ParentId ?? person.GroupId, by: person.GroupId) is not { } parent)
            return TypedResults.NotFound();
        if (enterprise!.HasGroupNamed(name))
            return GroupRefusals.NameTaken(name);

        var group = new PortalGroup
        {
            Id = Guid.CreateVersion7(), EnterpriseId = enterprise!.Id, ParentId = parent.Id, Name = name,
            UserEmail = EmailAddress.Read(body.UserEmail, null), AdminEmail = EmailAddress.Read(body.AdminEmail, null)
        };
        db.Add(group);
        db.Publish(activities.Of(person, AuditActions.GroupCreated, name,
            details: new { parent = parent.Name, group.UserEmail, group.AdminEmail }));
        await change.Commit(cancel);
        return TypedResults.Created($"/api/groups/{group.Id}",
            GroupItem.Of(new(group.Id, name, parent.Id, false, group.UserEmail, group.AdminEmail, []), person.GroupId));
    }
}

static class GroupRefusals
{
    // This may tell an Admin of a name outside their own part of the tree: two groups of one name would be worse in every list above.
    public static bool HasGroupNamed(this Enterprise enterprise, string name, Guid? other = null) =>
        enterprise.Groups.Values.Any(group => group.Id != other && string.Equals(group.Name, name, StringComparison.OrdinalIgnoreCase));

    public static ProblemHttpResult NameTaken(string name) => Refusal.Of("group-name-taken", $"There is already a group named {name}.");
    public static ProblemHttpResult OwnGroup() =>
        Refusal.Of("own-group", "Your own group can be deactivated or moved only by an Admin of the group above.");
    public static ProblemHttpResult Cycle() => Refusal.Of("group-cycle", "A group cannot be moved below itself.");
    public static ProblemHttpResult ParentLacks(GroupState parent, IEnumerable<string> codes) =>
        Refusal.Of("parent-lacks-account",
            $"A subgroup takes only accounts of the group above it. {parent.Name} does not have {string.Join(", ", codes)}.");
}
