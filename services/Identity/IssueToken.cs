using System.Security.Claims;
using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Identity.PersonalTokens;
using EnterprisePortal.ServiceDefaults.Directory;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace EnterprisePortal.Identity;

/// <summary>
/// Exchanges a person's code, refresh token or personal token for tokens; a service gets a token for exactly one account.
/// </summary>
public static class IssueToken
{
    /// <summary>The W3C traceparent of an entry, for the account to continue the trace: in the id token, never from the browser.</summary>
    public const string Trace = "traceparent";

    // OpenIddict checks the client: by its secret, or by an assertion signed with the account's key.
    public static void Map(WebApplication app) =>
        app.MapPost("/connect/token", Handle).WithName(nameof(IssueToken)).AllowAnonymous().ExcludeFromDescription();

    static async Task<Results<ForbidHttpResult, SignInHttpResult>> Handle(HttpContext http, IdentityDb db, Admission admission,
        ExchangeToken personal, DirectoryReplica directory, TimeProvider clock, CancellationToken cancel)
    {
        var request = http.GetOpenIddictServerRequest()!;
        if (request.IsClientCredentialsGrantType())
            return ForAccount(request, directory);
        if (request.GrantType == PersonalTokenGrant.Type)
            return await personal.Exchange((string?)request[PersonalTokenGrant.Parameter] ?? "",
                http.Connection.RemoteIpAddress?.ToString(), cancel) is { } owner
                ? TypedResults.SignIn(owner, authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)
                : OAuth.Refuse(Errors.InvalidGrant, "This token opens nothing.");

        var granted = (await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal!;
        if (await admission.OpenSession(granted.GetClaim("sid"), cancel) is not { } session)
            return OAuth.Refuse(Errors.InvalidGrant, "This session has ended.");
        var (principal, refusal) = await admission.Admit(session, request.ClientId!, granted.GetScopes(), cancel);
        if (principal is null)
            return OAuth.Refuse(Errors.InvalidGrant, refusal!);
        var now = clock.GetUtcNow();
        if (Admission.AccountOf(request.ClientId!) is { } account && !await StaysIn(account, session, principal, request, db, cancel))
            return OAuth.Refuse(Errors.InvalidGrant, "This session in the account has ended.");
        await db.Sessions.Where(open => open.Id == session.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(open => open.LastSeenAt, now), cancel);
        if (request.IsAuthorizationCodeGrantType() && granted.GetClaim(Trace) is { } trace)
            ((ClaimsIdentity)principal.Identity!).AddClaim(new Claim(Trace, trace).SetDestinations(Destinations.IdentityToken));
        principal.SetAuthorizationId(granted.GetAuthorizationId());
        return TypedResults.SignIn(principal, authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    /// <summary>
    /// Records the staff user that the account is told now, since the directory may have changed while the code traveled. An account that
    /// was told to end the session cannot prolong it.
    /// </summary>
    static async Task<bool> StaysIn(
        string account, Session session, ClaimsPrincipal principal, OpenIddictRequest request, IdentityDb db, CancellationToken cancel)
    {
        var (loginAs, enters) = (principal.GetClaim("login_as"), request.IsAuthorizationCodeGrantType());
        return await db.AccountSessions.Where(entry =>
            entry.SessionId == session.Id && entry.Account == account && (enters || entry.LogoutDueAt == null && entry.LoginAs == loginAs))
            .ExecuteUpdateAsync(set => set.SetProperty(entry => entry.LoginAs, loginAs)
                .SetProperty(entry => entry.LogoutDueAt, (DateTimeOffset?)null)
                .SetProperty(entry => entry.EndedAt, (DateTimeOffset?)null), cancel) == 1;
    }

    /// <summary>A token for one account is worthless in another, and an address that the portal does not know gets none.</summary>
    static Results<ForbidHttpResult, SignInHttpResult> ForAccount(OpenIddictRequest request, DirectoryReplica directory)
    {
        if (!request.HasScope(AccountScopes.Api))
            return OAuth.Refuse(Errors.InvalidScope, $"A service's token is for the scope {AccountScopes.Api}.");
        var resources = request.GetResources();
        // A suspended account is left alone, except to tell it two things: that it is released, and what its own staff may no longer do.
        if (resources.Length != 1
            || !directory.AllAccounts.Any(account => account.BaseUrl == resources[0]
                && (account.Status != AccountState.Suspended || request.ClientId is "accounts" or "permissions")))
            return OAuth.Refuse(Errors.InvalidTarget, "Name one account's base URL as the resource.");
        var identity = new ClaimsIdentity("portal");
        identity.SetClaim(Claims.Subject, request.ClientId).SetScopes(RegisterClients.AccountScopesOf(request.ClientId!))
            .SetResources(resources);
        identity.SetDestinations(_ => [Destinations.AccessToken]);
        return TypedResults.SignIn(new(identity), authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }
}
