using System.Security.Claims;
using EnterprisePortal.Contracts;
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
/// A client asks who the person is. With <c>provider</c> the person first goes to Google or Microsoft; without it, Identity's own cookie
/// answers or, if there is none, the gateway's sign-in page, which returns here. With <c>enterprise</c> only a session for that one will
/// do: a person in a session for another goes to their provider again, which recognizes them, and switches.
/// </summary>
public static class Authorize
{
    // Public by nature: OpenIddict has checked the client, its redirect address, scopes and PKCE; the person is checked below.
    public static void Map(WebApplication app) =>
        app.MapGet("/connect/authorize", Handle).WithName(nameof(Authorize)).AllowAnonymous().ExcludeFromDescription();

    static async Task<Results<RedirectHttpResult, ChallengeHttpResult, ForbidHttpResult, SignInHttpResult>> Handle(HttpContext http,
        IdentityDb db, Admission admission, BeginSession begin, Confirmation confirmation, DirectoryReplica directory,
        ActivityRecorder activities,
        IAuthenticationSchemeProvider schemes, IConfiguration configuration, TimeProvider clock, CancellationToken cancel)
    {
        var request = http.GetOpenIddictServerRequest()!;
        var enterprise = (string?)request[ChooseEnterprise.Parameter];
        if ((string?)request["provider"] is { } provider)
            return provider is Providers.Google or Providers.Microsoft && await schemes.GetSchemeAsync(provider) is not null
                ? Challenge(http.Request, provider, request.LoginHint, enterprise)
                : TypedResults.Redirect(SignIn.RefusedPage(configuration.PortalUrl(), LinkIdentity.Provider));

        var cookie = await http.AuthenticateAsync(SignIn.Cookie);
        var session = request.HasPromptValue(PromptValues.Login) ? null
            : await admission.OpenSession(cookie.Principal?.FindFirstValue("sid"), cancel);
        if (enterprise is not null && await ChooseEnterprise.Answered(http, enterprise, begin, cancel) is { } chosen)
        {
            if (chosen.Session is null)
                return TypedResults.Redirect(chosen.Refusal is null ? ChooseEnterprise.Page(http)
                    : SignIn.RefusedPage(configuration.PortalUrl(), chosen.Refusal));
            session = chosen.Session;
        }
        var another = session is not null && enterprise is not null && !session.User.IsIn(enterprise, directory);
        if (request.HasPromptValue(PromptValues.None) && (session is null || another))
            return OAuth.Refuse(Errors.LoginRequired, "Nobody is signed in.");
        if (session is null)
            return TypedResults.Redirect(
                $"{configuration.PortalUrl()}sign-in?returnUrl={Uri.EscapeDataString(WithoutProvider(http.Request))}"
                + (enterprise is null ? "" : $"&{ChooseEnterprise.Parameter}={Uri.EscapeDataString(enterprise)}"));
        if (another)
            return Challenge(http.Request, session.Provider, session.User.Email, enterprise);

        if (ConfirmSilently.IfDue(session, confirmation, WithoutProvider(http.Request), clock.GetUtcNow()) is { } question)
            return question;
        var (principal, refusal) = await admission.Admit(session, request.ClientId!, request.GetScopes(), cancel);
        if (principal is null)
            return OAuth.Refuse(Errors.AccessDenied, refusal!);
        session.LastSeenAt = clock.GetUtcNow();
        if (Admission.AccountOf(request.ClientId!) is { } account)
        {
            if (await db.AccountSessions.FindAsync([session.Id, account], cancel) is not { } entry)
                db.Add(entry = new() { SessionId = session.Id, Account = account, EnteredAt = clock.GetUtcNow() });
            (entry.EnteredAt, entry.LoginAs, entry.LogoutDueAt, entry.LogoutAttempts, entry.EndedAt) =
                (clock.GetUtcNow(), principal.GetClaim("login_as"), null, 0, null);
            entry.BaseUrl = directory.Account(account)?.BaseUrl;
            // Inside the code, for IssueToken; absent if this trace is not recorded.
            principal.SetClaim(IssueToken.Trace, TracedWork.Cause);
            db.Publish(activities.Of(session.User.In(session), AuditActions.AccountEntered, account, account,
                new { loginAs = principal.GetClaim("login_as"), device = session.Device }));
        }
        await db.SaveChangesAsync(cancel);
        return TypedResults.SignIn(principal, authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    static ChallengeHttpResult Challenge(HttpRequest request, string provider, string? hint, string? enterprise)
    {
        var challenge = new AuthenticationProperties { RedirectUri = WithoutProvider(request) };
        challenge.SetParameter(Providers.LoginHint, hint);
        challenge.SetString(ChooseEnterprise.Parameter, enterprise);
        return TypedResults.Challenge(challenge, [provider]);
    }

    /// <summary>This request without the parameters that sent the person to a provider.</summary>
    static string WithoutProvider(HttpRequest request) => "/connect/authorize" + QueryString.Create(
        request.Query.Where(parameter => parameter.Key is not ("provider" or "login_hint" or "prompt")));
}
