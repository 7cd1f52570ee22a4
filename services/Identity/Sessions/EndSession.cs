using System.Linq.Expressions;
using EnterprisePortal.Contracts;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Identity.Sessions;

/// <summary>
/// Ends one session or all of them: a user's by their Admin, or the caller's own. A repeated request finds nothing open and gets the same
/// answer.
/// </summary>
public static class EndSession
{
    public static void Map(RouteGroupBuilder users, RouteGroupBuilder me)
    {
        users.MapDelete("/{id:guid}/sessions", All).WithName("EndSessions");
        users.MapDelete("/{id:guid}/sessions/{sid:guid}", One).WithName(nameof(EndSession));
        me.MapDelete("/sessions", AllOwn).WithName("EndOwnSessions");
        me.MapDelete("/sessions/{sid:guid}", OneOwn).WithName("EndOwnSession");
    }

    static Task<Results<NoContent, NotFound>> All(Guid id, RecordedEnding ending, Person person, CancellationToken cancel) =>
        ending.OfManagedUser(id, session => session.UserId == id, person, cancel);

    static async Task<Results<NoContent, NotFound>> One(
        Guid id, Guid sid, IdentityDb db, RecordedEnding ending, Person person, CancellationToken cancel) =>
        await db.Sessions.AnyAsync(session => session.Id == sid && session.UserId == id, cancel)
            ? await ending.OfManagedUser(id, session => session.Id == sid, person, cancel) : TypedResults.NotFound();

    /// <param name="others">Keep the session that sends the request.</param>
    static async Task<NoContent> AllOwn(bool? others, RecordedEnding ending, Person person, CancellationToken cancel)
    {
        var kept = others == true && Guid.TryParse(person.Session, out var asking) ? asking : Guid.Empty;
        await ending.Of(session => session.UserId == person.Id && session.Id != kept, "You ended this session.", person, cancel);
        return TypedResults.NoContent();
    }

    static async Task<Results<NoContent, NotFound>> OneOwn(
        Guid sid, IdentityDb db, RecordedEnding ending, Person person, CancellationToken cancel)
    {
        if (!await db.Sessions.AnyAsync(session => session.Id == sid && session.UserId == person.Id, cancel))
            return TypedResults.NotFound();
        await ending.Of(session => session.Id == sid, "You ended this session.", person, cancel);
        return TypedResults.NoContent();
    }

    /// <summary>Each ended session is an entry of the Audit Log.</summary>
    public sealed class RecordedEnding(IdentityDb db, DirectoryReplica directory, ActivityRecorder activities, TimeProvider clock)
    {
        internal async Task<Results<NoContent, NotFound>> OfManagedUser(
            Guid user, Expression<Func<Session, bool>> which, Person person, CancellationToken cancel)
        {
            var groups = directory.ReachOf(person).Groups.Select(group => group.Id).ToArray();
            if (!await db.Users.AnyAsync(managed => managed.Id == user && groups.Contains(managed.GroupId), cancel))
                return TypedResults.NotFound();
            await Of(which, user == person.Id ? "You ended this session." : "An Admin has ended your session.", person, cancel);
            return TypedResults.NoContent();
        }

        internal async Task Of(Expression<Func<Session, bool>> which, string reason, Person person, CancellationToken cancel)
        {
            foreach (var session in await db.EndSessions(which, reason, clock.GetUtcNow(), cancel))
                db.Publish(activities.Of(person, AuditActions.SessionEnded, session.User.Email,
                    details: new { session = session.Id, session.Device, reason }));
            await db.SaveChangesAsync(cancel);
        }
    }
}
