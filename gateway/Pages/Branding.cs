using System.Security.Claims;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Gateway.Security;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.Pages;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Gateway.Pages;

/// <summary>
/// Whose portal this is, for the header and the page to sign in: the person's enterprise. Before somebody is signed in, the one whose id
/// the address names, as in an invitation, or the last one of this browser. Never by name: strangers could try which companies are here.
/// </summary>
public static class Branding
{
    const string Cookie = "portal.enterprise";

    public static Brand? Of(HttpContext http, DirectoryReplica directory) =>
        (Person.From(http.User) is { } person ? directory.Of(person.GroupId)
            : directory.Enterprises.FirstOrDefault(enterprise => enterprise.Id == Named(http)))?.Brand;

    static Guid? Named(HttpContext http) => Guid.TryParse(http.Request.Query["enterprise"], out var id)
        || Guid.TryParse(http.Request.Cookies[http.CookieName(Cookie)], out id) ? id : null;

    public static void Remember(HttpContext http, ClaimsPrincipal signedIn)
    {
        var directory = http.RequestServices.GetRequiredService<DirectoryReplica>();
        if (Person.From(signedIn) is { } person && directory.Of(person.GroupId) is { } enterprise)
            http.Response.Cookies.Append(http.CookieName(Cookie), enterprise.Id.ToString(), new()
            {
                HttpOnly = true, IsEssential = true, SameSite = SameSiteMode.Lax, Secure = http.IsCookieSecure(),
                MaxAge = TimeSpan.FromDays(365)
            });
    }

    /// <summary>Our pages have no styles of their own in them: a color is a style sheet, the same for whoever chose it.</summary>
    public static void MapBranding(this WebApplication app) =>
        app.MapGet("/accents/{color}.css", Handle).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn).WithName(nameof(Branding));

    public static string? SheetOf(Brand? brand) => brand?.Accent is { } color ? $"/accents/{color[1..]}.css" : null;

    static Results<ContentHttpResult, NotFound> Handle(string color, HttpContext http)
    {
        if (Accent.Read($"#{color}") is not { IsReadable: true } accent)
            return TypedResults.NotFound();
        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return TypedResults.Text(accent.Css, "text/css");
    }
}
