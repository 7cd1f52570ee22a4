using EnterprisePortal.Contracts;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Settings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Identity.Sessions;

/// <summary>
/// A provider that gave no refresh token is asked through the browser, without a page (<c>prompt=none</c>), when the person opens a page
/// shortly before the session is due. <see cref="ConfirmSessions"/> ends a session that stays unconfirmed.
/// </summary>
public static class ConfirmSilently
{
    const string Confirms = "confirms";

    /// <param name="back">Where the person wanted to go.</param>
    public static ChallengeHttpResult? IfDue(Session session, Confirmation confirmation, string back, DateTimeOffset now)
    {
        if (session.User.ProviderToken is not null || session.ConfirmDueAt - confirmation.Every / 4 > now)
            return null;
        var challenge = new AuthenticationProperties { RedirectUri = back, Items = { [Confirms] = session.Id.ToString() } };
        challenge.SetParameter(Providers.LoginHint, session.User.Email);
        challenge.SetParameter(Providers.Prompt, "none");
        return TypedResults.Challenge(challenge, [session.Provider]);
    }

    /// <returns>Whether this answer confirms the session instead of starting another.</returns>
    public static bool Confirmed(AuthenticationProperties? properties, Session session) =>
        properties?.Items.TryGetValue(Confirms, out var sid) == true && sid == session.Id.ToString();

    /// <returns>Whether it was a silent confirmation that the provider refused.</returns>
    public static async Task<bool> Refused(RemoteFailureContext context)
    {
        if (context.Properties?.Items.TryGetValue(Confirms, out var confirms) != true || !Guid.TryParse(confirms, out var sid)
            || context.Failure?.Data["error"] is not string error || !Confirmation.Refusals.Append("access_denied").Contains(error))
            return false;
        var services = context.HttpContext.RequestServices;
        var (db, cancel, reason) = (services.GetRequiredService<IdentityDb>(), context.HttpContext.RequestAborted,
            $"{Providers.NameOf(context.Scheme.Name)} no longer confirms your sign-in.");
        foreach (var session in await db.EndSessions(
            session => session.Id == sid, reason, services.GetRequiredService<TimeProvider>().GetUtcNow(), cancel))
            db.Publish(services.GetRequiredService<ActivityRecorder>().Of(session.User.In(session), AuditActions.SessionEnded,
                session.User.Email, details: new { session = sid, session.Device, reason }));
        await db.SaveChangesAsync(cancel);
        context.HandleResponse();
        // Nobody is signed in any more: this leads to the sign-in page.
        context.Response.Redirect(context.Properties.RedirectUri!);
        return true;
    }
}

public static class ConfirmSessionsExtensions
{
    public static WebApplicationBuilder AddConfirmSessions(this WebApplicationBuilder builder)
    {
        builder.AddSettings<SignInOptions>("SignIn");
        builder.Services.AddSingleton<Confirmation>();
        builder.Services.AddHostedService<ConfirmSessions>();
        return builder;
    }
}
