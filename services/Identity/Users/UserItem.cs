using EnterprisePortal.ServiceDefaults.Directory;

namespace EnterprisePortal.Identity.Users;

/// <param name="Level"><c>admin</c> or <c>user</c>.</param>
/// <param name="Status"><c>invited</c>, <c>active</c> or <c>suspended</c>.</param>
/// <param name="StaffEmail">A User's own staff e-mail; null: the group's.</param>
public record UserItem(Guid Id, string Email, string Name, string Level, GroupName Group, string Status, string? StaffEmail, DateTimeOffset? LastSignIn)
{
    public static UserItem Of(PortalUser user, DirectoryReplica directory) =>
        new(user.Id, user.Email, user.Name, user.Level, GroupName.Of(user.GroupId, directory), user.Status, user.StaffEmail, user.LastSignIn);
}

public record GroupName(Guid Id, string Name)
{
    public static GroupName Of(Guid group, DirectoryReplica directory) => new(group, directory.Of(group)?.Groups[group].Name ?? "");
}
