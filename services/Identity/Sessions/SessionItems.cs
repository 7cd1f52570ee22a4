using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Http;

namespace EnterprisePortal.Identity.Sessions;

public static class SessionItems
{
    extension(SessionItem)
    {
        /// <param name="sees">Tells which account codes the reader may know.</param>
        public static SessionItem Of(Session session, string asking, Func<string, bool> sees, DateTimeOffset now)
        {
            // No code ends it at that time, and none needs to: the portal and the accounts stop accepting it by themselves.
            var ranOut = session.StartedAt + PortalSessions.Life is var end && end <= now ? end : (DateTimeOffset?)null;
            return new(
                session.Id, session.Provider, session.Device, session.Ip, session.StartedAt, session.LastSeenAt, session.EndedAt ?? ranOut,
                session.Id.ToString() == asking,
                [.. from entry in session.Entries.OrderBy(entry => entry.Account, StringComparer.Ordinal)
                    where sees(entry.Account)
                    let isOver = entry.EndedAt ?? ranOut
                    let isLeaving = (entry.LogoutDueAt ?? session.EndedAt) is not null && isOver is null
                    select new SessionEntry(entry.Account, entry.EnteredAt, isLeaving, isOver)]);
        }
    }
}
