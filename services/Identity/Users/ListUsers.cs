using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Identity.Users;

/// <summary>The users of the Admin's group and below, by name.</summary>
public static class ListUsers
{
    /// <summary>As people sort names: ignoring case, accented letters next to plain ones.</summary>
    const string Names = "und-x-icu";

    public static void Map(RouteGroupBuilder users) => users.MapGet("/", Handle).WithName(nameof(ListUsers));

    /// <param name="q">Search box: words, each in the name, the e-mail or the group's name.</param>
    /// <param name="group">Users in any of these groups. A group that the Admin cannot see adds nothing.</param>
    /// <param name="signedIn">true: only users with an open session.</param>
    static async Task<Results<Ok<Page<UserItem>>, ValidationProblem>> Handle(string? q, Guid[]? group, bool? signedIn,
        [AsParameters] PageQuery page, IdentityDb db, DirectoryReplica directory, Person person, TimeProvider clock,
        CancellationToken cancel)
    {
        var managed = directory.ReachOf(person).Groups;
        var groups = managed.Select(each => each.Id).Where(id => group is not { Length: > 0 } || group.Contains(id)).ToArray();
        var found = db.Users.AsNoTracking().Where(user => groups.Contains(user.GroupId));
        if (page.Cursor is not null)
        {
            // The cursor is the last user: a user who has since been deleted is still a place to continue from.
            if (!Guid.TryParse(page.Cursor, out var last)
                || await found.SingleOrDefaultAsync(user => user.Id == last, cancel) is not { } after)
                return Refusal.Invalid("cursor", "The list has changed. Start again from the first page.");
            var name = after.Name;
            found = found.Where(user => EF.Functions.GreaterThan(
                ValueTuple.Create(EF.Functions.Collate(user.Name, Names), user.Id), ValueTuple.Create(name, last)));
        }
        if (signedIn is true)
        {
            var oldest = clock.GetUtcNow() - PortalSessions.Life;
            found = found.Where(user =>
                db.Sessions.Any(session => session.UserId == user.Id && session.EndedAt == null && session.StartedAt > oldest));
        }
        foreach (var word in q?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            var named = managed.Where(each => each.Name.Contains(word, StringComparison.OrdinalIgnoreCase))
                .Select(each => each.Id).ToArray();
            var literal = word.Replace(@"\", @"\\", StringComparison.Ordinal)
                .Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);
            var like = $"%{literal}%";
            found = found.Where(user => EF.Functions.ILike(user.Name, like) || EF.Functions.ILike(user.Email, like)
                || named.Contains(user.GroupId));
        }

        var items = await found.Where(user => user.Status != PortalUser.Deleted).OrderBy(user => EF.Functions.Collate(user.Name, Names))
            .ThenBy(user => user.Id).Take(page.Size + 1).ToListAsync(cancel);
        return TypedResults.Ok(new Page<UserItem>(
            [.. items.Take(page.Size).Select(user => UserItem.Of(user, directory))],
            items.Count > page.Size ? items[page.Size - 1].Id.ToString() : null));
    }
}
