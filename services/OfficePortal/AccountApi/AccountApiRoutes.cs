using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.Entry;
using EnterprisePortal.ServiceDefaults;

namespace EnterprisePortal.OfficePortal.AccountApi;

/// <summary>The Account API (docs/account-api.md): only the pinned portal's services, with a token made for this one account.</summary>
public static class AccountApiRoutes
{
    const string Scope = "account-api";

    public static RouteGroupBuilder MapAccountApi(this RouteGroupBuilder account) =>
        account.MapGroup("/api/enterprise/v1").WithMetadata(new Door(async (http, visit) => await Admits(http, visit.Account)
            ? null
            : Refusal.Of("token", "A token of the paired portal for this account is needed.", StatusCodes.Status401Unauthorized))).ProducesProblem(StatusCodes.Status401Unauthorized);

    static async Task<bool> Admits(HttpContext http, Account account)
    {
        if (account.Issuer is null || http.Request.Headers.Authorization.ToString() is not ['B' or 'b', 'e', 'a', 'r', 'e', 'r', ' ', .. var bearer])
            return false;
        var services = http.RequestServices;
        var token = await services.GetRequiredService<PortalIssuers>().Validate(bearer, account.Issuer, services.GetRequiredService<Office>().BaseUrl(account), "at+jwt");
        if (token is null || !token.TryGetPayloadValue<string>("scope", out var scope) || !scope.Split(' ').Contains(Scope))
            return false;
        if (account.PairingRepeatable)
            await services.GetRequiredService<AccountDirectory>().Paired(account);
        return true;
    }
}
