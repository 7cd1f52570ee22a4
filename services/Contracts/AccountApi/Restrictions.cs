namespace EnterprisePortal.Contracts.AccountApi;

/// <summary>
/// Body of <c>PUT {base}/api/enterprise/v1/restrictions</c> and answer of <c>GET</c>: every permission that the enterprise has removed in
/// this account. The account keeps the highest <paramref name="Version"/> it has seen; an older or equal one is answered 204 and changes
/// nothing. It binds everyone but portal Admins, even while the portal is down.
/// </summary>
public record RestrictionSet(long Version, IReadOnlyList<Restriction> Restrictions);

/// <param name="Permission">Id of the <see cref="PermissionCatalogue"/>.</param>
/// <param name="Groups">The groups that removed it, from the root down.</param>
public record Restriction(string Permission, IReadOnlyList<RestrictingGroup> Groups)
{
    /// <param name="today">In the account's time zone.</param>
    public bool Holds(DateOnly today) => Groups.Count == 0 || Groups.Any(group => group.Holds(today));
}

/// <param name="Until">Last day it holds, in the account's time zone; null: until it is allowed again. The portal sends a new set when it
/// ends; the account does not wait for that.</param>
public record RestrictingGroup(string Name, string Reason, DateOnly? Until)
{
    /// <param name="today">In the account's time zone.</param>
    public bool Holds(DateOnly today) => Until is null || Until >= today;
}

/// <summary>Body of <c>POST …/restrictions/preview</c>: what if these were removed as well? Nothing changes.</summary>
public record RestrictionPreview(IReadOnlyList<string> Permissions);

/// <summary>Answer: the staff users through whom somebody would lose something they can do today.</summary>
public record RestrictionImpact(IReadOnlyList<AffectedStaff> Staff);

/// <param name="Direct">They sign in themselves. Otherwise only the portal enters as them; a staff user as whom only Admins enter loses
/// nothing.</param>
public record AffectedStaff(string Email, string Name, IReadOnlyList<string> Permissions, bool Direct = true);

/// <summary>Answer of <c>GET …/staff/{email}/permissions/{permission}</c>; 404 if there is no such staff user.</summary>
/// <param name="Removed">A group of the enterprise removes it here: binds everyone but portal Admins.</param>
/// <param name="GrantedBy">The sources of the local grant, in words: <c>user group Front Desk</c>, <c>full permissions</c>; empty if it is
/// not granted.</param>
public record LocalPermission(IReadOnlyList<string> GrantedBy, bool Removed);
