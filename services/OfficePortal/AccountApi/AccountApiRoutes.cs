using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.Entry;
using EnterprisePortal.ServiceDefaults;

namespace EnterprisePortal.OfficePortal.AccountApi;

/// <summary>The Account API (docs/account-api.md): only the pinned portal's services, with a token made for this one account.</summary>
public static class AccountApiRoutes
{
    const string Scope = "account-api";

    public static RouteGroupBuilder MapAccountApi(this RouteGroupBuilder account)
    {
        var api = account.MapGroup("/api/enterprise/v1");
        api.AddEndpointFilter(async (context, next) => await Admits(context.HttpContext)
            ? await next(context)
            : Refusal.Of("token", "A token of the paired portal for this account is needed.", StatusCodes.Status401Unauthorized));
        return api;
    }

    static async Task<bool> Admits(HttpContext http)
    {
        var account = Visit.Of(http).Account;
        var services = http.RequestServices;
        if (account.Issuer is null || http.Request.Headers.Authorization.ToString() is not ['B' or 'b', 'e', 'a', 'r', 'e', 'r', ' ', .. var bearer])
            return false;
        var token = await services.GetRequiredService<PortalIssuers>().Validate(bearer, account.Issuer, services.GetRequiredService<Office>().BaseUrl(account), "at+jwt");
        return token is not null && token.TryGetPayloadValue<string>("scope", out var scope) && scope.Split(' ').Contains(Scope);
    }
}
