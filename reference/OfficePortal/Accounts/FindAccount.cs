using EnterprisePortal.OfficePortal.SignIn;

namespace EnterprisePortal.OfficePortal.Accounts;

/// <summary>Every address below <c>/{account}</c> belongs to one account; an unknown code is a 404 whatever follows it.</summary>
public sealed class FindAccount(RequestDelegate next, AccountDirectory accounts, Sessions sessions)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetRouteValue("account") is string code)
        {
            if (await accounts.Find(code, http.RequestAborted) is not { } account)
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }
            var visit = new Visit(account);
            http.Features.Set(visit);
            visit.Session = await sessions.Find(http, account);
            var guard = http.GetEndpoint()?.Metadata.GetMetadata<EntryGuard>();
            var turnedAway = guard is null ? null : await guard.TurnAway(http, visit);
            if ((turnedAway ?? await NeededPermissions.Missing(http, visit)) is { } answer)
            {
                await answer.ExecuteAsync(http);
                return;
            }
        }
        await next(http);
    }
}
