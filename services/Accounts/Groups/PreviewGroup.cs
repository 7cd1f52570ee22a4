using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Accounts.Groups;

/// <summary>What a change would do to the people of the group and of those below it; nothing is changed. Whether it is allowed is said by the change itself.</summary>
public static class PreviewGroup
{
    /// <summary>As for <see cref="EditGroup"/>.</summary>
    /// <param name="Accounts">All that the group is to have; absent: those it has.</param>
    public record Body(bool? Active, string? UserEmail, string? AdminEmail, Guid? ParentId, string[]? Accounts);

    /// <param name="Groups">Only those to which something happens.</param>
    public record Response(IReadOnlyList<Effect> Groups);

    /// <param name="Lost">Codes of accounts that go out of its people's reach.</param>
    /// <param name="Gained">Codes of accounts that come into it.</param>
    /// <param name="Leaves">Codes that leave this group because they leave the one above.</param>
    /// <param name="LetIn">true: its people may come in again; false: they are locked out; null: as before.</param>
    public record Effect(Guid Id, string Name, IReadOnlyList<string> Lost, IReadOnlyList<string> Gained, IReadOnlyList<string> Leaves, bool? LetIn, LoginAs? UserEmail, LoginAs? AdminEmail);

    /// <summary>Present only where it changes.</summary>
    public record LoginAs(string? Before, string? After);

    public static void Map(RouteGroupBuilder groups) => groups.MapPost("/{id:guid}/preview", Handle).RequireAuthorization(Policies.Admin).WithName(nameof(PreviewGroup));

    static Results<Ok<Response>, NotFound, ProblemHttpResult> Handle(Guid id, Body body, DirectoryReplica directory, Person person)
    {
        var now = directory.Of(person.GroupId);
        if (now.Managed(id, by: person.GroupId) is not { } group || body.ParentId is { } parent && now.Managed(parent, by: person.GroupId) is null)
            return TypedResults.NotFound();
        if (body.ParentId is { } to && now!.Ancestry(to).Any(above => above.Id == id))
            return GroupRefusals.Cycle();

        var then = Changed(now!, group, body, person.GroupId);
        return TypedResults.Ok(new Response([.. now!.Subtree(id).OrderBy(each => now.Ancestry(each.Id).Count()).ThenBy(each => each.Name, StringComparer.OrdinalIgnoreCase)
            .Select(each => Between(now, then, each, isTop: each.Id == id)).Where(effect => effect is not { Lost: [], Gained: [], Leaves: [], LetIn: null, UserEmail: null, AdminEmail: null })]));
    }

    static Enterprise Changed(Enterprise now, GroupState group, Body body, Guid by)
    {
        string[] accounts = [.. (body.Accounts ?? group.Accounts).Where(code => now.Sees(code, by)).Distinct()];
        var gone = group.Accounts.Except(accounts).ToHashSet();
        var below = now.Subtree(group.Id).Select(each => each.Id).ToHashSet();
        return new(new(now.Id, now.Name, now.Version, [.. now.Groups.Values.Select(each =>
            each.Id == group.Id ? each with
            {
                Active = body.Active ?? each.Active, ParentId = body.ParentId ?? each.ParentId, Accounts = accounts,
                UserEmail = LoginAsEmail.Read(body.UserEmail, each.UserEmail), AdminEmail = LoginAsEmail.Read(body.AdminEmail, each.AdminEmail)
            }
            : below.Contains(each.Id) ? each with { Accounts = [.. each.Accounts.Where(code => !gone.Contains(code))] }
            : each)], [.. now.Accounts.Values]));
    }

    static Effect Between(Enterprise now, Enterprise then, GroupState group, bool isTop)
    {
        var (before, after) = (now.ReachOf(group.Id).Codes, then.ReachOf(group.Id).Codes);
        return new(group.Id, group.Name, [.. before.Except(after).Order(StringComparer.Ordinal)], [.. after.Except(before).Order(StringComparer.Ordinal)],
            isTop ? [] : [.. group.Accounts.Except(then.Groups[group.Id].Accounts)],
            now.IsActive(group.Id) == then.IsActive(group.Id) ? null : then.IsActive(group.Id), LoginAs(asAdmin: false), LoginAs(asAdmin: true));

        LoginAs? LoginAs(bool asAdmin) => (now.LoginAs(group.Id, asAdmin, null), then.LoginAs(group.Id, asAdmin, null)) is var (was, becomes) && was != becomes ? new(was, becomes) : null;
    }
}
