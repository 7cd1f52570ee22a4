using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.Directory;

namespace EnterprisePortal.Accounts.Groups;

public static class GroupItems
{
    extension(GroupItem)
    {
        public static GroupItem Of(GroupState group, Guid top) => new(
            group.Id, group.Name, group.Id == top ? null : group.ParentId, group.Active, group.UserEmail, group.AdminEmail, group.Accounts);
    }
}

/// <summary>
/// Which groups a person may change: an Admin their own group and those below, while their own is active. No other group exists for them.
/// </summary>
static class Manages
{
    public static GroupState? Managed(this Enterprise? enterprise, Guid groupId, Guid by) =>
        enterprise is not null && enterprise.IsActive(by) && enterprise.Ancestry(groupId).Any(above => above.Id == by)
            ? enterprise.Groups[groupId] : null;

    /// <summary>A root Admin also sees an account that is in no group any more, and can bring it back.</summary>
    public static bool Sees(this Enterprise enterprise, string code, Guid by) =>
        by == enterprise.Id ? enterprise.Accounts.ContainsKey(code) : enterprise.Groups[by].Accounts.Contains(code);
}
