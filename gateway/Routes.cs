using EnterprisePortal.Contracts;
using EnterprisePortal.Gateway.Security;

namespace EnterprisePortal.Gateway;

/// <summary>One address range that the gateway forwards unchanged to a service.</summary>
/// <param name="Access">Authorization policy, a constant of <see cref="Security.Access"/>.</param>
/// <param name="Limit">Rate-limit policy, a constant of <see cref="RateLimits"/>.</param>
/// <param name="Rewrite">The service's own path, if different; it may use the parameters of <paramref name="Path"/>.</param>
public sealed record Route(string Path, string Service, string Access, string Limit, string? Rewrite = null)
{
    /// <summary>A person's browser goes there directly, so a refusal is answered with a page.</summary>
    public bool IsPage => Access == Security.Access.SignedIn;
}

/// <summary>Everything the gateway forwards. An address that is not listed cannot be reached from outside.</summary>
public static class Routes
{
    internal const string Entry = "/open/{code}";

    public static IReadOnlyList<Route> All { get; } =
    [
        // Identity's own pages and endpoints check their callers: browsers that sign in, account systems, services.
        new("/connect/{**rest}", PortalServices.Identity, Access.Anyone, RateLimits.SignIn),
        new("/.well-known/{**rest}", PortalServices.Identity, Access.Anyone, RateLimits.SignIn),

        new("/api/me/{**rest}", PortalServices.Identity, Access.Caller, RateLimits.Api),
        new("/api/users/{**rest}", PortalServices.Identity, Access.Caller, RateLimits.Api),
        new("/api/accounts/{**rest}", PortalServices.Accounts, Access.Caller, RateLimits.Api),
        new("/api/groups/{**rest}", PortalServices.Accounts, Access.Caller, RateLimits.Api),
        new("/api/brand/{**rest}", PortalServices.Accounts, Access.Caller, RateLimits.Api),
        new("/api/search/phone/{**phone}", PortalServices.Search, Access.Caller, RateLimits.Telephony),
        new("/api/search/{**rest}", PortalServices.Search, Access.Caller, RateLimits.Api),
        new("/api/validation/{**rest}", PortalServices.Search, Access.Caller, RateLimits.Api),
        new("/api/reports/{**rest}", PortalServices.Reports, Access.Caller, RateLimits.Api),
        new("/api/trends/{**rest}", PortalServices.Reports, Access.Caller, RateLimits.Api),
        new("/api/permissions/{**rest}", PortalServices.Permissions, Access.Caller, RateLimits.Api),
        new("/api/audit/{**rest}", PortalServices.Audit, Access.Caller, RateLimits.Api),
        new("/api/sync/{**rest}", PortalServices.Sync, Access.Caller, RateLimits.Api),

        new("/api/feed/names.{format}", PortalServices.Search, Access.Feed, RateLimits.Api),
        new("/api/feed/reports.{format}", PortalServices.Reports, Access.Feed, RateLimits.Api),
        new("/api/feed/trends.{format}", PortalServices.Reports, Access.Feed, RateLimits.Api),
        new("/api/feed/reports/{file}", PortalServices.Reports, Access.Feed, RateLimits.Api),

        // The sign-in page shows it.
        new("/logos/{id:guid}", PortalServices.Accounts, Access.Anyone, RateLimits.SignIn),

        new(Entry, PortalServices.Accounts, Access.SignedIn, RateLimits.Pages),
        // Not under /api, where a browser whose download is refused would get JSON.
        new("/generated-reports/{id:guid}/download/{file}", PortalServices.Reports, Access.SignedIn, RateLimits.Pages,
            "/api/reports/runs/{id}/{file}"),

        .. PortalServices.All.Select(service =>
            new Route($"/docs/{service}.json", service, Access.SignedIn, RateLimits.Pages, "/openapi/v1.json"))
    ];
}
