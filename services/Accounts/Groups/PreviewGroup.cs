using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Accounts.Groups;

/// <summary>
/// What a change would do to the people of the group and of those below it; nothing is changed. The change itself checks whether it is
/// allowed.
/// </summary>
public static class PreviewGroup
{
    public static void Map(RouteGroupBuilder groups) =>
        groups.MapPost("/{id:guid}/preview", Handle).RequireAuthorization(Policies.Admin).WithName(nameof(PreviewGroup));

    static Results<Ok<GroupChangeEffects>, NotFound, ProblemHttpResult> Handle(
        Guid id, GroupPreview body, DirectoryReplica directory, Person person)
    {
        var now = directory.Of(person.GroupId);
        if (now.Managed(id, by: person.GroupId) is not { } group
            || body.ParentId is { } parent && now.Managed(parent, by: person.GroupId) is null)
            return TypedResults.NotFound();
        if (body.ParentId is { } to && now!.Ancestry(to).Any(above => above.Id == id))
            return GroupRefusals.Cycle();

        var then = Changed(now!, group, body, person.GroupId);
        return TypedResults.Ok(new GroupChangeEffects(
        [
            .. from each in now!.Subtree(id)
                   .OrderBy(below => now.Ancestry(below.Id).Count()).ThenBy(below => below.Name, StringComparer.OrdinalIgnoreCase)
               let effect = Between(now, then, each, isTop: each.Id == id)
               where effect is not { Lost: [], Gained: [], Leaves: [], LetIn: null, UserEmail: null, AdminEmail: null }
               select effect
        ]));
    }

    static Enterprise Changed(Enterprise now, GroupState group, GroupPreview body, Guid by)
    {
        string[] accounts = [.. (body.Accounts ?? group.Accounts).Where(code => now.Sees(code, by)).Distinct()];
        var gone = group.Accounts.Except(accounts).ToHashSet();
        var below = now.Subtree(group.Id).Select(each => each.Id).ToHashSet();
        return new(new(now.Id, now.Name, now.Version, [.. now.Groups.Values.Select(each =>
            each.Id == group.Id ? each with
            {
                Active = body.Active ?? each.Active, ParentId = body.ParentId ?? each.ParentId, Accounts = accounts,
                UserEmail = EmailAddress.Read(body.UserEmail, each.UserEmail),
                AdminEmail = EmailAddress.Read(body.AdminEmail, each.AdminEmail)
            }
            : below.Contains(each.Id) ? each with { Accounts = [.. each.Accounts.Where(code => !gone.Contains(code))] }
            : each)], [.. now.Accounts.Values]));
    }

    static GroupEffect Between(Enterprise now, Enterprise then, GroupState group, bool isTop)
    {
        var (before, after) = (now.ReachOf(group.Id).Codes, then.ReachOf(group.Id).Codes);
        return new(group.Id, group.Name, [.. before.Except(after).Order(StringComparer.Ordinal)],
            [.. after.Except(before).Order(StringComparer.Ordinal)],
            isTop ? [] : [.. group.Accounts.Except(then.Groups[group.Id].Accounts)],
            now.IsActive(group.Id) == then.IsActive(group.Id) ? null : then.IsActive(group.Id), LoginAs(asAdmin: false),
            LoginAs(asAdmin: true));

        LoginAsChange? LoginAs(bool asAdmin)
        {
            var (was, becomes) = (now.LoginAs(group.Id, asAdmin, null), then.LoginAs(group.Id, asAdmin, null));
            return was == becomes ? null : new(was, becomes);
        }
    }
}
