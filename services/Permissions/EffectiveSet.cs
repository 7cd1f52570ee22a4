using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.Directory;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Permissions;

/// <summary>
/// The one rule of restrictions: an account is bound by the union over every group, from the root down, that contains it, whether that
/// group is active or not. There is no operation that grants.
/// </summary>
public static class EffectiveSet
{
    /// <returns>Ordered by permission, then by group from the root down, so that equal sets are equal texts.</returns>
    public static IReadOnlyList<Restriction> Of(
        Enterprise enterprise, AccountState account, IReadOnlyCollection<GroupRestriction> restrictions, DateTimeOffset now)
    {
        var today = account.Today(now);
        return
        [
            .. from restriction in restrictions
               where PermissionCatalogue.IsRemovable(restriction.Permission) && restriction.Holds(today)
               let @group = enterprise.Groups.GetValueOrDefault(restriction.GroupId)
               where @group is not null && @group.Accounts.Contains(account.Code)
               orderby restriction.Permission, enterprise.Ancestry(@group.Id).Count(), @group.Name
               group new RestrictingGroup(@group.Name, restriction.Reason, restriction.Until) by restriction.Permission into permission
               select new Restriction(permission.Key, [.. permission])
        ];
    }
}

/// <summary>Applies the rule to what the database holds now.</summary>
sealed class EffectiveSets(PermissionsDb db, TimeProvider clock)
{
    public async Task<IReadOnlyList<Restriction>> Of(Enterprise enterprise, AccountState account, CancellationToken cancel)
    {
        var groups = enterprise.Groups.Keys.ToArray();
        return EffectiveSet.Of(enterprise, account, await db.Restrictions.AsNoTracking().Where(row => groups.Contains(row.GroupId))
            .ToListAsync(cancel), clock.GetUtcNow());
    }
}
