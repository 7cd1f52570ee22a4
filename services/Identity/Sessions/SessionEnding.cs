using System.Linq.Expressions;
using EnterprisePortal.Contracts.Identity;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Identity.Sessions;

public static class SessionEnding
{
    /// <summary>
    /// Ends open sessions with the caller's next save: every service and the gateway are notified, and the accounts that the sessions
    /// entered are told (<see cref="LogOutOfAccounts"/>). Refresh tokens need no work: they depend on the session.
    /// </summary>
    /// <param name="reason">In words for the person.</param>
    /// <returns>The sessions that were open and now are not.</returns>
    public static async Task<IReadOnlyList<Session>> EndSessions(this IdentityDb db, Expression<Func<Session, bool>> which,
        string reason, DateTimeOffset now, CancellationToken cancel)
    {
        var open = await db.Sessions.Include(session => session.User).Include(session => session.Entries)
            .Where(which).Where(session => session.EndedAt == null).ToListAsync(cancel);
        foreach (var session in open)
        {
            session.EndedAt = now;
            foreach (var entry in session.Entries)
                entry.LogoutDueAt ??= now;
        }
        foreach (var person in open.GroupBy(session => session.UserId))
            db.Publish(new SessionsRevoked(person.Key, [.. person.Select(session => session.Id.ToString())], reason, now));
        return open;
    }
}
