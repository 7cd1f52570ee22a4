using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Accounts.Groups;

/// <summary>The person's group and those below, parents before children: an Admin manages them, a User filters by them.</summary>
public static class ListGroups
{
    public static void Map(RouteGroupBuilder groups) => groups.MapGet("/", Handle).WithName(nameof(ListGroups));

    static Results<Ok<Page<GroupItem>>, ValidationProblem> Handle([AsParameters] PageQuery page, DirectoryReplica directory, Person person)
    {
        var reach = directory.ReachOf(person);
        var all = reach.Groups.OrderBy(group => reach.Enterprise!.Ancestry(group.Id).Count())
            .ThenBy(group => group.Name, StringComparer.OrdinalIgnoreCase)
            .Select(group => GroupItem.Of(group, person.GroupId)).ToList();
        var from = page.Cursor is null ? 0 : all.FindIndex(group => group.Id.ToString() == page.Cursor) + 1;
        if (from == 0 && page.Cursor is not null)
            return Refusal.Invalid("cursor", "The list has changed. Start again from the first page.");
        var items = all.Skip(from).Take(page.Size).ToList();
        return TypedResults.Ok(new Page<GroupItem>(items, from + items.Count < all.Count ? items[^1].Id.ToString() : null));
    }
}
