using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.Entry;
using EnterprisePortal.ServiceDefaults;

namespace EnterprisePortal.OfficePortal.AccountApi;

/// <summary>
/// The Account API (docs/account-api.md): only for services of the pinned portal, with a token for this one account and for the scope of
/// the call.
/// </summary>
public static class AccountApiRoutes
{
    public static RouteGroupBuilder MapAccountApi(this RouteGroupBuilder account) =>
        account.MapGroup("/api/enterprise/v1").WithMetadata(new EntryGuard((http, visit) => TurnAway(http, visit.Account)))
            .ProducesProblem(StatusCodes.Status401Unauthorized);

    static async ValueTask<IResult?> TurnAway(HttpContext http, Account account)
    {
        var scopes = await Scopes(http, account);
        if (!scopes.Contains(AccountScopes.Api))
            return Refusal.Of("token", "A token of the paired portal for this account is needed.", StatusCodes.Status401Unauthorized);
        return http.GetEndpoint()?.Metadata.GetMetadata<Opens>() is { } call && call.Scopes.Intersect(scopes).Any()
            ? null
            : Refusal.Of("scope", "This token is for another purpose in this account.", StatusCodes.Status403Forbidden);
    }

    /// <returns>Empty if the token is not valid here.</returns>
    static async Task<string[]> Scopes(HttpContext http, Account account)
    {
        if (account.Issuer is null
            || http.Request.Headers.Authorization.ToString() is not ['B' or 'b', 'e', 'a', 'r', 'e', 'r', ' ', .. var bearer])
            return [];
        var services = http.RequestServices;
        var audience = services.GetRequiredService<Office>().BaseUrl(account);
        var token = await services.GetRequiredService<PortalIssuers>().Validate(bearer, account.Issuer, audience, "at+jwt");
        if (token is null || !token.TryGetPayloadValue<string>("scope", out var scope))
            return [];
        if (account.PairingRepeatable)
            await services.GetRequiredService<AccountDirectory>().Paired(account);
        return scope.Split(' ');
    }
}
