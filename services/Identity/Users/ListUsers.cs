using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
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

    static readonly string[] Sorts = ["name", "email", "level", "group", "status", "signed-in"];

    public static void Map(RouteGroupBuilder users) => users.MapGet("/", Handle).WithName(nameof(ListUsers));

    /// <param name="q">Search box: words, each in the name, the e-mail or the group's name.</param>
    /// <param name="group">Users in any of these groups. A group that the Admin cannot see adds nothing.</param>
    /// <param name="signedIn">true: only users with an open session.</param>
    /// <param name="sort"><c>name</c>, <c>email</c>, <c>level</c>, <c>group</c>, <c>status</c> or <c>signed-in</c>, with a minus before it
    /// for the other direction; absent: by name.</param>
    /// <param name="offset">How many users come before the page, in any order. A cursor goes on by name only.</param>
    static async Task<Results<Ok<CountedPage<UserItem>>, ValidationProblem>> Handle(string? q, Guid[]? group, bool? signedIn,
        string? sort, [Range(0, int.MaxValue)] int? offset, [AsParameters] PageQuery page, IdentityDb db, DirectoryReplica directory,
        Person person, TimeProvider clock, CancellationToken cancel)
    {
        if (sort is not null && !Sorts.Contains(sort.TrimStart('-')))
            return Refusal.Invalid("sort", $"Users are sorted by {string.Join(", ", Sorts)}.");
        if (page.Cursor is not null && (sort is not null || offset is not null))
            return Refusal.Invalid("cursor", "A cursor goes on by name. With another order, use offset.");
        var managed = directory.ReachOf(person).Groups;
        var groups = managed.Select(each => each.Id).Where(id => group is not { Length: > 0 } || group.Contains(id)).ToArray();
        var reachable = db.Users.AsNoTracking().Where(user => groups.Contains(user.GroupId));
        var found = reachable.Where(user => user.Status != PortalUser.Deleted);
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

        var total = await found.CountAsync(cancel);
        if (page.Cursor is not null)
        {
            // The cursor is the last user: a user who has since been deleted is still a place to continue from.
            if (!Guid.TryParse(page.Cursor, out var last)
                || await reachable.SingleOrDefaultAsync(user => user.Id == last, cancel) is not { } after)
                return Refusal.Invalid("cursor", "The list has changed. Start again from the first page.");
            var name = after.Name;
            found = found.Where(user => EF.Functions.GreaterThan(
                ValueTuple.Create(EF.Functions.Collate(user.Name, Names), user.Id), ValueTuple.Create(name, last)));
        }

        var byName = managed.OrderBy(each => each.Name, StringComparer.OrdinalIgnoreCase).Select(each => each.Id).ToArray();
        var items = await Sorted(found, sort, byName).Skip(offset ?? 0).Take(page.Size + 1).ToListAsync(cancel);
        return TypedResults.Ok(new CountedPage<UserItem>(
            [.. items.Take(page.Size).Select(user => UserItem.Of(user, directory))],
            items.Count > page.Size && sort is null ? items[page.Size - 1].Id.ToString() : null, total));
    }

    /// <param name="groups">Their ids in the order of their names, which are not in this database.</param>
    static IQueryable<PortalUser> Sorted(IQueryable<PortalUser> users, string? sort, Guid[] groups)
    {
        var order = sort?.TrimStart('-') switch
        {
            "email" => By(user => user.Email),
            "level" => By(user => user.Level),
            "group" => By(user => Array.IndexOf(groups, user.GroupId)),
            "status" => By(user => user.Status),
            // Ascending begins with those who never did.
            "signed-in" => By(user => user.LastSignIn ?? DateTimeOffset.MinValue),
            _ => By(user => EF.Functions.Collate(user.Name, Names))
        };
        return order.ThenBy(user => EF.Functions.Collate(user.Name, Names)).ThenBy(user => user.Id);

        IOrderedQueryable<PortalUser> By<T>(Expression<Func<PortalUser, T>> key) =>
            sort is ['-', ..] ? users.OrderByDescending(key) : users.OrderBy(key);
    }
}
