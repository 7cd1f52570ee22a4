using System.Security.Claims;
using EnterprisePortal.Contracts;
using EnterprisePortal.Identity.Sessions;
using EnterprisePortal.ServiceDefaults.Activities;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;

namespace EnterprisePortal.Identity;

/// <summary>
/// OpenID Connect end-session. The <c>id_token_hint</c> proves that the person's own client asks: without it another site could sign people
/// out with a link. Ends the session everywhere, inside accounts too.
/// </summary>
public static class SignOut
{
    // Public by nature; the hint says whose session ends.
    public static void Map(WebApplication app) =>
        app.MapMethods("/connect/endsession", ["GET", "POST"], Handle).WithName(nameof(SignOut)).AllowAnonymous().ExcludeFromDescription();

    static async Task<Results<SignOutHttpResult, ProblemHttpResult>> Handle(
        HttpContext http, IdentityDb db, ActivityRecorder activities, TimeProvider clock, CancellationToken cancel)
    {
        var hint = (await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal;
        if (!Guid.TryParse(hint?.GetClaim("sid"), out var sid))
            return TypedResults.Problem("Sign out from the portal itself.", statusCode: StatusCodes.Status400BadRequest);
        foreach (var session in await db.EndSessions(session => session.Id == sid, "You signed out.", clock.GetUtcNow(), cancel))
            db.Publish(activities.Of(session.User.In(session), AuditActions.SignedOut, session.User.Email,
                details: new { session = sid, device = session.Device }));
        await db.SaveChangesAsync(cancel);
        if ((await http.AuthenticateAsync(SignIn.Cookie)).Principal?.FindFirstValue("sid") == sid.ToString())
            await http.SignOutAsync(SignIn.Cookie);
        await http.SignOutAsync(ChooseEnterprise.Cookie);
        // OpenIddict sends the browser to the post_logout_redirect_uri, which it has checked.
        return TypedResults.SignOut(new() { RedirectUri = "/signed-out" }, [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
    }
}
