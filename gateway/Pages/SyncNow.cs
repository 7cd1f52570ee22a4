using EnterprisePortal.Gateway.Clients;
using EnterprisePortal.Gateway.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Gateway.Pages;

/// <summary>The buttons of <see cref="SyncPage"/>: <c>account</c> names one, none means all.</summary>
public static class SyncNow
{
    public static void MapSyncNow(this WebApplication app) =>
        app.MapPost("/sync/now", Handle).RequireAuthorization(Access.SignedIn).RequireRateLimiting(RateLimits.Pages).WithName(nameof(SyncNow));

    static async Task<Results<RedirectHttpResult, StatusCodeHttpResult, ProblemHttpResult>> Handle(HttpContext http, SyncClient sync, IAntiforgery antiforgery)
    {
        if (!await Csrf.IsOurs(http, antiforgery))
            return Csrf.Refusal;
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var asked = await sync.Now(form["account"] is [{ Length: > 0 } account] ? [account] : [], http.RequestAborted);
        if (asked.Problem is null)
            return TypedResults.Redirect("/sync");
        http.Items[ErrorPages.Words] = asked.Problem;
        return TypedResults.StatusCode(asked.Status);
    }
}
