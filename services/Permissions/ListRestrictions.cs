using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Permissions;

public static class ListRestrictions
{
    /// <param name="Accounts">Whether each of the group's accounts has its present set.</param>
    public record Response(GroupName Group, IReadOnlyList<Item> Permissions, IReadOnlyList<Delivery> Accounts);

    public record GroupName(Guid Id, string Name);

    /// <param name="State">
    /// <c>allowed</c>, <c>removed</c> (by this group), <c>inherited</c> (removed by a group above), or <c>ended</c>: this group removed it
    /// until a day that is over in all its accounts; it is allowed again, and for thirty days the list says so.
    /// </param>
    /// <param name="RemovedBy">Every group that removes it now, from the root down.</param>
    /// <param name="Ended">What this group's removal was, where its last day is over.</param>
    public record Item(string Id, string State, IReadOnlyList<RemovedBy> RemovedBy, RemovedBy? Ended);

    public record RemovedBy(Guid GroupId, string Group, string Reason, DateOnly? Until, string By, DateTimeOffset At);

    /// <param name="State"><c>applied</c>, <c>pending</c> or <c>failing</c>.</param>
    /// <param name="Since">Applied at, or waiting since; null where the account has never needed a set.</param>
    public record Delivery(string Account, string AccountName, string State, DateTimeOffset? Since, string? Problem);

    /// <param name="Action"><c>removed</c>, <c>allowed</c>, or <c>ended</c>: its last day is over.</param>
    public record Event(string Permission, string Action, string Reason, DateOnly? Until, string By, DateTimeOffset At);

    public static void Map(RouteGroupBuilder groups)
    {
        groups.MapGet("/{groupId:guid}", Handle).WithName(nameof(ListRestrictions));
        groups.MapGet("/{groupId:guid}/history", History).WithName("ListRestrictionHistory");
    }

    static async Task<Results<Ok<Response>, NotFound>> Handle(Guid groupId,
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
                (Holds: row.Holds(today), By: new RemovedBy(above.Id, above.Name, row.Reason, row.Until, row.ByName, row.At)))).ToList();
            var by = known.Where(row => row.Holds).Select(row => row.By).ToList();
            var ended = known.Where(row => !row.Holds && row.By.GroupId == groupId).Select(row => row.By).SingleOrDefault();
            var state = by.Any(row => row.GroupId != groupId) ? "inherited"
                : by.Count > 0 ? "removed"
                : ended is not null ? "ended" : "allowed";
            return new Item(id, state, by, ended);
        });

        var sets = await db.AccountSets.AsNoTracking().Where(set => group.Accounts.Contains(set.Account)).ToDictionaryAsync(set => set.Account, cancel);
        var accounts = group.Accounts.Where(reach.Contains).Order(StringComparer.Ordinal).Select(code => DeliveryOf(reach.Accounts[code].Name, code, sets.GetValueOrDefault(code)));
        return TypedResults.Ok(new Response(new(group.Id, group.Name), [.. permissions], [.. accounts]));
    }

    static Delivery DeliveryOf(string name, string code, AccountSet? set) => set switch
    {
        null => new(code, name, "applied", null, null),
        { AppliedVersion: var applied } when applied >= set.Version => new(code, name, "applied", set.AppliedAt, null),
        { Problem: null } => new(code, name, "pending", set.ChangedAt, null),
        _ => new(code, name, "failing", set.ChangedAt, set.Problem)
    };

    static async Task<Results<Ok<List<Event>>, NotFound>> History(Guid groupId, PermissionsDb db, DirectoryReplica directory, Person person, CancellationToken cancel) =>
        directory.ReachOf(person).Groups.Any(group => group.Id == groupId)
            ? TypedResults.Ok(await db.History.Where(row => row.GroupId == groupId).OrderByDescending(row => row.Id).Take(200)
                .Select(row => new Event(row.Permission, row.Action, row.Reason, row.Until, row.ByName, row.At)).ToListAsync(cancel))
            : TypedResults.NotFound();
}
