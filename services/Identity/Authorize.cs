using System.Security.Claims;
using EnterprisePortal.Identity.Sessions;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.Observability;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace EnterprisePortal.Identity;

/// <summary>
/// A client asks who is there. With <c>provider</c> the person goes to Google or Microsoft first; without it Identity's own cookie answers,
/// and where there is none, the gateway's sign-in page, which comes back here.
/// </summary>
public static class Authorize
{
    // The address is public by nature: OpenIddict has checked the client, its redirect address, scopes and PKCE; the person is checked below.
    public static void Map(WebApplication app) => app.MapGet("/connect/authorize", Handle).WithName(nameof(Authorize)).AllowAnonymous().ExcludeFromDescription();

    static async Task<Results<RedirectHttpResult, ChallengeHttpResult, ForbidHttpResult, SignInHttpResult>> Handle(HttpContext http, IdentityDb db, Admission admission, DirectoryReplica directory, ActivityRecorder activities, IAuthenticationSchemeProvider schemes, Confirmation confirmation,
        IConfiguration configuration, TimeProvider clock, CancellationToken cancel)
    {
        var request = http.GetOpenIddictServerRequest()!;
        if ((string?)request["provider"] is { } provider)
        {
            if (provider is not (Providers.Google or Providers.Microsoft) || await schemes.GetSchemeAsync(provider) is null)
                return TypedResults.Redirect(SignIn.RefusedPage(configuration.PortalUrl(), LinkIdentity.Provider));
            var challenge = new AuthenticationProperties { RedirectUri = Again(http.Request) };
            challenge.SetParameter(Providers.LoginHint, request.LoginHint);
            return TypedResults.Challenge(challenge, [provider]);
        }

        var cookie = await http.AuthenticateAsync(SignIn.Cookie);
        var session = request.HasPromptValue(PromptValues.Login) ? null : await admission.OpenSession(cookie.Principal?.FindFirstValue("sid"), cancel);
        if (session is null)
            return request.HasPromptValue(PromptValues.None)
                ? OAuth.Refuse(Errors.LoginRequired, "Nobody is signed in.")
                : TypedResults.Redirect($"{configuration.PortalUrl()}sign-in?returnUrl={Uri.EscapeDataString(Again(http.Request))}");

        if (ConfirmSilently.IfDue(session, confirmation, Again(http.Request), clock.GetUtcNow()) is { } question)
            return question;
        if (admission.Admit(session, request.ClientId!, request.GetScopes(), out var refusal) is not { } principal)
            return OAuth.Refuse(Errors.AccessDenied, refusal!);
        session.LastSeenAt = clock.GetUtcNow();
        if (Admission.AccountOf(request.ClientId!) is { } account)
        {
            if (await db.AccountSessions.FindAsync([session.Id, account], cancel) is not { } entry)
                db.Add(entry = new() { SessionId = session.Id, Account = account, EnteredAt = clock.GetUtcNow() });
            (entry.EnteredAt, entry.LoginAs, entry.LogoutDueAt, entry.LogoutAttempts, entry.EndedAt) = (clock.GetUtcNow(), principal.GetClaim("login_as"), null, 0, null);
            entry.BaseUrl = directory.Account(account)?.BaseUrl;
            // Inside the code, for IssueToken: where nobody keeps this trace there is none.
            principal.SetClaim(IssueToken.Trace, TracedWork.Cause);
            db.Publish(activities.Of(session.User.In(session), "account.entered", account, account, new { loginAs = principal.GetClaim("login_as"), device = session.Device }));
        }
        await db.SaveChangesAsync(cancel);
        return TypedResults.SignIn(principal, authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    /// <summary>This request without what sent the person to a provider.</summary>
    static string Again(HttpRequest request) => "/connect/authorize" + QueryString.Create(
        request.Query.Where(parameter => parameter.Key is not ("provider" or "login_hint" or "prompt")));
}
