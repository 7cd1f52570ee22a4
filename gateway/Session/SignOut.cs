using EnterprisePortal.Gateway.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Gateway.Session;

/// <summary>Ends the session here, then at Identity, which ends it in every account and comes back to <c>/signed-out</c>.</summary>
public static class SignOut
{
    public static void MapSignOut(this WebApplication app) =>
        app.MapPost("/sign-out", Handle).RequireAuthorization(Access.AnySession).RequireRateLimiting(RateLimits.Pages)
            .WithName(nameof(SignOut));

    static async Task<Results<SignOutHttpResult, ProblemHttpResult>> Handle(HttpContext http, IAntiforgery antiforgery) =>
        await Csrf.IsOurs(http, antiforgery)
            ? TypedResults.SignOut(new AuthenticationProperties(), [PortalSession.Scheme, SignInWithIdentity.Scheme])
            : Csrf.Refusal;
}
