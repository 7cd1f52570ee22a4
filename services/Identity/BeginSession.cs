using System.Security.Claims;
using EnterprisePortal.Contracts;
using EnterprisePortal.Identity.Sessions;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using Microsoft.AspNetCore.Authentication;

namespace EnterprisePortal.Identity;

/// <summary>
/// Gives a person whose identity a provider has confirmed a session in one enterprise, or the reason for none; in one transaction.
/// Repeating it is another sign-in, and ends the previous session.
/// </summary>
public sealed class BeginSession(IdentityDb db, LinkIdentity link, Operators operators, Admission admission, Confirmation confirmation,
    DirectoryReplica directory, ActivityRecorder activities, TimeProvider clock)
{
    const string Replaced = "This browser signed in again.";

    /// <summary>Both null: the person belongs to several enterprises and has not chosen one.</summary>
    public sealed record Outcome(Session? Session, string? Refusal);

    /// <param name="asked">The enterprise for the session, by id or name; null: the only one.</param>
    /// <param name="properties">The challenge's properties, with the provider's tokens.</param>
    public async Task<Outcome> For(ProviderIdentity identity, string? asked, HttpContext http, AuthenticationProperties? properties,
        CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var operates = asked == $"{OperatorRole.Log}";
        var theirs = operates ? await operators.Find(identity, cancel) : await link.Find(identity, cancel);
        // One identity has one refresh token, for all its enterprises. Google sends one at the first sign-in only.
        var token = properties?.GetTokenValue("refresh_token") is { } given ? confirmation.Protect(given)
            : theirs.Admitted.Select(user => user.ProviderToken).FirstOrDefault(known => known is not null);
        foreach (var user in theirs.Admitted)
            user.ProviderToken = token;
        var cookie = await http.AuthenticateAsync(SignIn.Cookie);
        var present = await admission.OpenSession(cookie.Principal?.FindFirstValue("sid"), cancel);
        var outcome = await Decide(
            asked is null || operates ? theirs : theirs.In(asked, directory), identity, present, http, properties, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return outcome;
    }

    async Task<Outcome> Decide(Memberships theirs, ProviderIdentity identity, Session? present, HttpContext http,
        AuthenticationProperties? properties, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var device = http.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent[..Math.Min(agent.Length, 300)] : "unknown";
        if (theirs.Admitted is [])
        {
            foreach (var kept in theirs.KeptOut)
                db.Publish(activities.Of(kept.User.In(null), AuditActions.SignInRefused, kept.User.Email,
                    details: new { reason = kept.Reason, provider = identity.Provider, device }));
            return new(null, theirs.Refusal);
        }
        var samePerson = present is not null && theirs.Admitted.Any(user => user.Id == present.UserId);
        if (samePerson && ConfirmSilently.Confirmed(properties, present!))
        {
            present!.ConfirmDueAt = now + confirmation.Every;
            return new(present, null);
        }

        var user = theirs.Only;
        // One browser, one session: the browser's previous session ends, even if it was the same person's, but not before they have chosen.
        if (present is not null && (user is not null || !samePerson))
            await Replace(present, user, now, cancel);
        if (user is null)
            return new(null, null);
        if (user.Status == PortalUser.Invited)
        {
            user.Status = PortalUser.Active;
            user.Version++;
            db.Publish(user.Changed());
        }
        user.LastSignIn = now;
        var started = new Session
        {
            User = user, UserId = user.Id, Provider = identity.Provider, Device = device, Ip = http.Connection.RemoteIpAddress?.ToString(),
            StartedAt = now, LastSeenAt = now, ConfirmDueAt = now + confirmation.Every
        };
        db.Add(started);
        db.Publish(activities.Of(user.In(started), AuditActions.SignedIn, user.Email,
            details: new { provider = identity.Provider, device, session = started.Id, amr = identity.Amr, acr = identity.Acr }));
        return new(started, null);
    }

    /// <summary>The log of the enterprise that the person leaves records the switch, but not which enterprise is next.</summary>
    async Task Replace(Session present, PortalUser? next, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var ended in await db.EndSessions(session => session.Id == present.Id, Replaced, now, cancel))
            if (ended.UserId != next?.Id)
                db.Publish(activities.Of(ended.User.In(ended), AuditActions.SessionEnded, ended.User.Email,
                    details: new { session = ended.Id, ended.Device, reason = Replaced }));
    }
}
