using System.Security.Claims;
using EnterprisePortal.Identity.Sessions;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Authentication;

namespace EnterprisePortal.Identity;

/// <summary>A provider has said who is there: a portal user gets a session and Identity's own cookie, anybody else a page that says why not.</summary>
public static class SignIn
{
    /// <summary>Holds no more than the <c>sid</c>; everything else is read from the database at every request.</summary>
    public const string Cookie = "portal.identity";

    public static string RefusedPage(string portal, string reason) => $"{portal}sign-in/refused?reason={reason}";

    public static async Task Complete(TicketReceivedContext context)
    {
        var http = context.HttpContext;
        var (db, cancel) = (http.RequestServices.GetRequiredService<IdentityDb>(), http.RequestAborted);
        var activities = http.RequestServices.GetRequiredService<ActivityRecorder>();
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var provider = context.Scheme.Name;
        var device = http.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent[..Math.Min(agent.Length, 300)] : "unknown";

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var (user, refusal) = await http.RequestServices.GetRequiredService<LinkIdentity>().Find(ProviderIdentity.From(provider, context.Principal!), cancel);
        if (refusal is not null)
        {
            if (user is not null)
                db.Publish(activities.Of(user.In(null), "sign-in.refused", user.Email, details: new { reason = refusal, provider, device }));
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            context.HandleResponse();
            context.Response.Redirect(RefusedPage(http.RequestServices.GetRequiredService<IConfiguration>().PortalUrl(), refusal));
            return;
        }

        var confirmation = http.RequestServices.GetRequiredService<Confirmation>();
        // Google gives one at the first sign-in only.
        if (context.Properties?.GetTokenValue("refresh_token") is { } token)
            user!.ProviderToken = confirmation.Protect(token);
        var cookie = await http.AuthenticateAsync(Cookie);
        var present = await http.RequestServices.GetRequiredService<Admission>().OpenSession(cookie.Principal?.FindFirstValue("sid"), cancel);
        if (present is not null && present.UserId == user!.Id && ConfirmSilently.Confirmed(context.Properties, present))
        {
            present.ConfirmDueAt = now + confirmation.Every;
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            Remember(context, present);
            return;
        }

        // One browser, one session: whoever used it before is out, also where it was the same person.
        if (present is not null)
            await db.EndSessions(session => session.Id == present.Id, "This browser signed in again.", now, cancel);

        var started = new Session { UserId = user!.Id, Provider = provider, Device = device, Ip = http.Connection.RemoteIpAddress?.ToString(), StartedAt = now, LastSeenAt = now, ConfirmDueAt = now + confirmation.Every };
        db.Add(started);
        user.LastSignIn = now;
        db.Publish(activities.Of(user.In(started), "signed-in", user.Email, details: new
        {
            provider, device, session = started.Id,
            amr = context.Principal!.FindAll("amr").Select(claim => claim.Value), acr = context.Principal!.FindFirstValue("acr")
        }));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);

        Remember(context, started);
    }

    static void Remember(TicketReceivedContext context, Session session)
    {
        context.Principal = new(new ClaimsIdentity([new("sid", session.Id.ToString())], Cookie));
        context.Properties = new() { RedirectUri = context.ReturnUri, ExpiresUtc = session.StartedAt + Session.Longest };
    }
}
