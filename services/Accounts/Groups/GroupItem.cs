using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.Directory;

namespace EnterprisePortal.Accounts.Groups;

/// <param name="ParentId">null for the topmost group the person may see.</param>
/// <param name="UserEmail">null: the nearest above counts.</param>
/// <param name="AdminEmail">null: the nearest above counts.</param>
/// <param name="Accounts">Codes.</param>
public record GroupItem(Guid Id, string Name, Guid? ParentId, bool Active, string? UserEmail, string? AdminEmail, IReadOnlyList<string> Accounts)
{
    public static GroupItem Of(GroupState group, Guid top) =>
        new(group.Id, group.Name, group.Id == top ? null : group.ParentId, group.Active, group.UserEmail, group.AdminEmail, group.Accounts);
}

/// <summary>Who may change which group: an Admin their own and those below, while their own is active. Everything else does not exist for them.</summary>
static class Manages
{
    public static GroupState? Managed(this Enterprise? enterprise, Guid groupId, Guid by) =>
        enterprise is not null && enterprise.IsActive(by) && enterprise.Ancestry(groupId).Any(above => above.Id == by) ? enterprise.Groups[groupId] : null;

    /// <summary>A root Admin also sees, and brings back, an account that no group has any more.</summary>
    public static bool Sees(this Enterprise enterprise, string code, Guid by) =>
        by == enterprise.Id ? enterprise.Accounts.ContainsKey(code) : enterprise.Groups[by].Accounts.Contains(code);
}

static class LoginAsEmail
{
    /// <summary>Staff e-mails are compared in lower case; an empty one takes the group's own away, so that the nearest above counts.</summary>
    public static string? Read(string? given, string? now) => given switch { null => now, "" => null, _ => given.Trim().ToLowerInvariant() };

    public static bool IsUsable(string? given) =>
        string.IsNullOrEmpty(given) || given.Trim() is { Length: <= 254 } email && email.IndexOf('@') is > 0 and var at && at == email.LastIndexOf('@') && at < email.Length - 1 && !email.Any(char.IsWhiteSpace);
}
