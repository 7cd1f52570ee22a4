using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Permissions;

public static class ListRestrictions
{
    public static void Map(RouteGroupBuilder groups)
    {
        groups.MapGet("/{groupId:guid}", Handle).WithName(nameof(ListRestrictions));
        groups.MapGet("/{groupId:guid}/history", History).WithName("ListRestrictionHistory");
    }

    static async Task<Results<Ok<GroupRestrictions>, NotFound>> Handle(Guid groupId,
        PermissionsDb db, DirectoryReplica directory, Person person, TimeProvider clock, CancellationToken cancel)
    {
        var reach = directory.ReachOf(person);
        if (reach.Groups.FirstOrDefault(group => group.Id == groupId) is not { } group)
            return TypedResults.NotFound();

        var enterprise = reach.Enterprise!;
        var ancestry = enterprise.Ancestry(groupId).Reverse().ToList();
        var ids = ancestry.Select(above => above.Id).ToArray();
        var rows = await db.Restrictions.AsNoTracking().Where(row => ids.Contains(row.GroupId)).ToListAsync(cancel);
        var today = enterprise.Today(group, clock.GetUtcNow());
        var permissions = PermissionCatalogue.ById.Keys.Select(id =>
        {
            var known = ancestry.SelectMany(above => rows.Where(row => row.GroupId == above.Id && row.Permission == id).Select(row =>
                (Holds: row.Holds(today), By: new Removal(above.Id, above.Name, row.Reason, row.Until, row.ByName, row.At)))).ToList();
            var by = known.Where(row => row.Holds).Select(row => row.By).ToList();
            var ended = known.Where(row => !row.Holds && row.By.GroupId == groupId).Select(row => row.By).SingleOrDefault();
            var state = by.Any(row => row.GroupId != groupId) ? "inherited"
                : by.Count > 0 ? "removed"
                : ended is not null ? "ended" : "allowed";
            return new PermissionState(id, state, by, ended);
        });

        var sets = await db.AccountSets.AsNoTracking().Where(set => group.Accounts.Contains(set.Account))
            .ToDictionaryAsync(set => set.Account, cancel);
        var accounts = group.Accounts.Where(reach.Contains).Order(StringComparer.Ordinal)
            .Select(code => DeliveryOf(reach.Accounts[code].Name, code, sets.GetValueOrDefault(code)));
        return TypedResults.Ok(new GroupRestrictions(new(group.Id, group.Name), [.. permissions], [.. accounts]));
    }

    static RestrictionDelivery DeliveryOf(string name, string code, AccountSet? set) => set switch
    {
        null => new(code, name, "applied", null, null),
        { AppliedVersion: var applied } when applied >= set.Version => new(code, name, "applied", set.AppliedAt, null),
        { Problem: null } => new(code, name, "pending", set.ChangedAt, null),
        _ => new(code, name, "failing", set.ChangedAt, set.Problem)
    };

    static async Task<Results<Ok<List<RestrictionEvent>>, NotFound>> History(
        Guid groupId, PermissionsDb db, DirectoryReplica directory, Person person, CancellationToken cancel) =>
        directory.ReachOf(person).Groups.Any(group => group.Id == groupId)
            ? TypedResults.Ok(await db.History.Where(row => row.GroupId == groupId).OrderByDescending(row => row.Id).Take(200)
                .Select(row => new RestrictionEvent(row.Permission, row.Action, row.Reason, row.Until, row.ByName, row.At))
                .ToListAsync(cancel))
            : TypedResults.NotFound();
}
