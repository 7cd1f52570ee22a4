using EnterprisePortal.Gateway.Security;

namespace EnterprisePortal.Gateway;

/// <summary>One address range that the gateway forwards unchanged to a service.</summary>
/// <param name="Access">Authorization policy, a constant of <see cref="Security.Access"/>.</param>
/// <param name="Limit">Rate-limit policy, a constant of <see cref="RateLimits"/>.</param>
/// <param name="Rewrite">The service's own path, where it is another; it may use the parameters of <paramref name="Path"/>.</param>
public sealed record Route(string Path, string Service, string Access, string Limit, string? Rewrite = null)
{
    /// <summary>A person's browser goes there itself, so that a refusal is answered with a page.</summary>
    public bool IsPage => Access == Security.Access.SignedIn;
}

/// <summary>Everything the gateway forwards. What is not listed is not reachable from outside.</summary>
public static class Routes
{
    /// <summary>Services whose OpenAPI documents <c>/docs</c> shows.</summary>
    internal static readonly string[] Documented = ["identity", "accounts", "search", "reports", "permissions", "audit", "sync"];

    internal const string Entry = "/open/{code}";

    public static IReadOnlyList<Route> All { get; } =
    [
        // Identity's own pages and endpoints know who may call them: browsers on their way in, account systems, services.
        new("/connect/{**rest}", "identity", Access.Anyone, RateLimits.SignIn),
        new("/.well-known/{**rest}", "identity", Access.Anyone, RateLimits.SignIn),

        new("/api/me/{**rest}", "identity", Access.Caller, RateLimits.Api),
        new("/api/users/{**rest}", "identity", Access.Caller, RateLimits.Api),
        new("/api/accounts/{**rest}", "accounts", Access.Caller, RateLimits.Api),
        new("/api/groups/{**rest}", "accounts", Access.Caller, RateLimits.Api),
        new("/api/search/phone/{**phone}", "search", Access.Caller, RateLimits.Telephony),
        new("/api/search/{**rest}", "search", Access.Caller, RateLimits.Api),
        new("/api/validation/{**rest}", "search", Access.Caller, RateLimits.Api),
        new("/api/reports/{**rest}", "reports", Access.Caller, RateLimits.Api),
        new("/api/permissions/{**rest}", "permissions", Access.Caller, RateLimits.Api),
        new("/api/audit/{**rest}", "audit", Access.Caller, RateLimits.Api),
        new("/api/sync/{**rest}", "sync", Access.Caller, RateLimits.Api),

        new("/api/feed/names.{format}", "search", Access.Feed, RateLimits.Api),
        new("/api/feed/reports.{format}", "reports", Access.Feed, RateLimits.Api),
        new("/api/feed/reports/{file}", "reports", Access.Feed, RateLimits.Api),

        new(Entry, "accounts", Access.SignedIn, RateLimits.Pages),
        // Not /api, where a browser whose download is refused would get JSON.
        new("/generated-reports/{id:guid}/download/{file}", "reports", Access.SignedIn, RateLimits.Pages, "/api/reports/runs/{id}/{file}"),

        .. Documented.Select(service => new Route($"/docs/{service}.json", service, Access.SignedIn, RateLimits.Pages, "/openapi/v1.json"))
    ];
}
