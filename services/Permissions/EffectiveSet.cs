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
    /// <returns>
    /// Ordered by permission, then by group from the root down, so that equal sets are equal texts, whatever the language of the machine.
    /// </returns>
    public static IReadOnlyList<Restriction> Of(
        Enterprise enterprise, AccountState account, IReadOnlyCollection<GroupRestriction> restrictions, DateTimeOffset now)
    {
        var today = account.Today(now);
        var binding =
            from restriction in restrictions
            where PermissionCatalogue.IsRemovable(restriction.Permission) && restriction.Holds(today)
            let @group = enterprise.Groups.GetValueOrDefault(restriction.GroupId)
            where @group is not null && @group.Accounts.Contains(account.Code)
            select (restriction.Permission, Depth: enterprise.Ancestry(@group.Id).Count(),
                By: new RestrictingGroup(@group.Name, restriction.Reason, restriction.Until));
        return
        [
            .. binding.OrderBy(one => one.Permission, StringComparer.Ordinal).ThenBy(one => one.Depth)
                .ThenBy(one => one.By.Name, StringComparer.Ordinal)
                .GroupBy(one => one.Permission, one => one.By)
                .Select(permission => new Restriction(permission.Key, [.. permission]))
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
