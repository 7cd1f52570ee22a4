namespace EnterprisePortal.Identity.Sessions;

/// <param name="Device">What the browser called itself.</param>
/// <param name="EndedAt">null: open. The portal refuses it from then on.</param>
/// <param name="Current">The one that asks.</param>
/// <param name="Accounts">Where it went.</param>
public record SessionItem(Guid Id, string Provider, string Device, string? Ip, DateTimeOffset Started, DateTimeOffset LastSeen, DateTimeOffset? EndedAt, bool Current,
    IReadOnlyList<SessionItem.Entry> Accounts)
{
    /// <param name="Account">Its code.</param>
    /// <param name="Leaving">The account has been told to end it and has not confirmed yet; it is told again until it does.</param>
    /// <param name="EndedConfirmedAt">When the account said that it is over; null: still open there, for all we know.</param>
    public record Entry(string Account, DateTimeOffset OpenSince, bool Leaving, DateTimeOffset? EndedConfirmedAt);

    /// <param name="sees">Accounts whose codes the reader may know.</param>
    public static SessionItem Of(Session session, string asking, Func<string, bool> sees, DateTimeOffset now)
    {
        // Nobody ends it then, and nobody needs to: the portal and the accounts stop counting it by themselves.
        var ranOut = session.StartedAt + Session.Longest is var end && end <= now ? end : (DateTimeOffset?)null;
        return new(session.Id, session.Provider, session.Device, session.Ip, session.StartedAt, session.LastSeenAt, session.EndedAt ?? ranOut, session.Id.ToString() == asking,
            [.. session.Entries.Where(entry => sees(entry.Account)).OrderBy(entry => entry.Account, StringComparer.Ordinal).Select(entry => new Entry(entry.Account, entry.EnteredAt,
                (entry.LogoutDueAt ?? session.EndedAt) is not null && (entry.EndedAt ?? ranOut) is null, entry.EndedAt ?? ranOut))]);
    }
}
