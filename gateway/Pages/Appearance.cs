using EnterprisePortal.Gateway.Security;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Gateway.Pages;

/// <summary>
/// How a person likes the pages, kept in a cookie for each choice and rendered by the server, so that nothing flashes: light or dark (else
/// as the system), compact or roomy rows, the rail of sections wide or narrow. Unset, each is the first.
/// </summary>
public static class Appearance
{
    public const string Theme = "theme", System = "system", Light = "light", Dark = "dark",
        Rows = "rows", Compact = "compact", Roomy = "roomy",
        Rail = "rail", Wide = "wide", Narrow = "narrow";

    static readonly Dictionary<string, string[]> Choices = new()
    {
        [Theme] = [System, Light, Dark], [Rows] = [Compact, Roomy], [Rail] = [Wide, Narrow]
    };

    public static void MapAppearance(this WebApplication app) =>
        app.MapPost("/appearance", Handle).AllowAnonymous().RequireRateLimiting(RateLimits.Pages).WithName(nameof(Appearance));

    /// <returns>null: the first of the choices.</returns>
    public static string? Of(HttpContext http, string choice) =>
        http.Request.Cookies[http.CookieName($"portal.{choice}")] is { } value && Choices[choice].Skip(1).Contains(value) ? value : null;

    static async Task<Results<RedirectHttpResult, ProblemHttpResult>> Handle(HttpContext http, IAntiforgery antiforgery)
    {
        if (!await Csrf.IsOurs(http, antiforgery))
            return Csrf.Refusal;
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var back = LocalAddress.Read(form["returnUrl"]) ?? LocalAddress.Home;
        foreach (var (choice, values) in Choices)
            if (form[choice] is [{ } value] && values.Contains(value))
                http.Response.Cookies.Append(http.CookieName($"portal.{choice}"), value, new()
                {
                    HttpOnly = true, IsEssential = true, SameSite = SameSiteMode.Lax, Secure = http.IsCookieSecure(),
                    MaxAge = TimeSpan.FromDays(365)
                });
        return TypedResults.Redirect(back);
    }
}
