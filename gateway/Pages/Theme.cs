using EnterprisePortal.Gateway.Security;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Gateway.Pages;

/// <summary>
/// Light or dark as the person chose, kept in a cookie and rendered by the server, so that nothing flashes; unset: the system's setting.
/// </summary>
public static class Theme
{
    public const string Light = "light", Dark = "dark";
    const string Cookie = "portal.theme";

    public static void MapTheme(this WebApplication app) =>
        app.MapPost("/theme", Handle).AllowAnonymous().RequireRateLimiting(RateLimits.Pages).WithName(nameof(Theme));

    public static string? Of(HttpContext http) =>
        http.Request.Cookies[http.CookieName(Cookie)] is (Light or Dark) and var theme ? theme : null;

    static async Task<Results<RedirectHttpResult, ProblemHttpResult>> Handle(HttpContext http, IAntiforgery antiforgery)
    {
        if (!await Csrf.IsOurs(http, antiforgery))
            return Csrf.Refusal;
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var back = LocalAddress.Read(form["returnUrl"]) ?? LocalAddress.Home;
        if (form["theme"] is [Light or Dark] theme)
            http.Response.Cookies.Append(http.CookieName(Cookie), theme!, new()
            {
                HttpOnly = true, IsEssential = true, SameSite = SameSiteMode.Lax, Secure = http.IsCookieSecure(),
                MaxAge = TimeSpan.FromDays(365)
            });
        return TypedResults.Redirect(back);
    }
}
