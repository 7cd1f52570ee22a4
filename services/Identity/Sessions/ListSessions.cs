using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Identity.Sessions;

/// <summary>Newest first, open and ended. Deleted users' too: their Admin sees that the last session has ended.</summary>
public static class ListSessions
{
    public static void Map(RouteGroupBuilder users, RouteGroupBuilder me)
    {
        users.MapGet("/{id:guid}/sessions", OfUser).WithName(nameof(ListSessions));
        me.MapGet("/sessions", Own).WithName("ListOwnSessions");
    }

    static async Task<Results<Ok<Page<SessionItem>>, NotFound, ValidationProblem>> OfUser(Guid id, [AsParameters] PageQuery page,
        IdentityDb db, DirectoryReplica directory, Person person, TimeProvider clock, CancellationToken cancel)
    {
        var reach = directory.ReachOf(person);
        var groups = reach.Groups.Select(group => group.Id).ToArray();
        if (!await db.Users.AnyAsync(user => user.Id == id && groups.Contains(user.GroupId), cancel))
            return TypedResults.NotFound();
        // A root Admin also sees an account that is in no group any more.
        var isRoot = reach.Enterprise?.Id == person.GroupId;
        return await Read(id, page, db, person, account =>
            isRoot ? reach.Enterprise!.Accounts.ContainsKey(account) : reach.Contains(account), clock.GetUtcNow(), cancel) is { } sessions
            ? TypedResults.Ok(sessions) : Refusal.Invalid("cursor", "Start again from the first page.");
    }

    static async Task<Results<Ok<Page<SessionItem>>, ValidationProblem>> Own(
        [AsParameters] PageQuery page, IdentityDb db, Person person, TimeProvider clock, CancellationToken cancel) =>
        await Read(person.Id, page, db, person, _ => true, clock.GetUtcNow(), cancel) is { } sessions
            ? TypedResults.Ok(sessions) : Refusal.Invalid("cursor", "Start again from the first page.");

    static async Task<Page<SessionItem>?> Read(
        Guid user, PageQuery page, IdentityDb db, Person person, Func<string, bool> sees, DateTimeOffset now, CancellationToken cancel)
    {
        var found = db.Sessions.AsNoTracking().Include(session => session.Entries).Where(session => session.UserId == user);
        if (page.Cursor is not null)
        {
            if (!Guid.TryParse(page.Cursor, out var last)
                || await found.SingleOrDefaultAsync(session => session.Id == last, cancel) is not { StartedAt: var started })
                return null;
            found = found.Where(session =>
                EF.Functions.LessThan(ValueTuple.Create(session.StartedAt, session.Id), ValueTuple.Create(started, last)));
        }
        var items = await found.OrderByDescending(session => session.StartedAt).ThenByDescending(session => session.Id).Take(page.Size + 1)
            .ToListAsync(cancel);
        return new([.. items.Take(page.Size).Select(session => SessionItem.Of(session, person.Session, sees, now))], items.Count > page.Size
            ? items[page.Size - 1].Id.ToString() : null);
    }
}
