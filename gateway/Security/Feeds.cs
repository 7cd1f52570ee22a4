using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Gateway.Security;

/// <summary>Addresses for programs that hold a personal token (docs/power-bi.md).</summary>
static class Feeds
{
    public static bool IsOne(HttpRequest request) => request.Path.StartsWithSegments("/api/feed");

    /// <summary>Makes Power BI and browsers ask for a user name and a password; the token is the password.</summary>
    public static void AskForToken(HttpResponse response) =>
        response.Headers.WWWAuthenticate =
            "Basic realm=\"Enterprise Portal: your e-mail, and a personal token as password\", charset=\"UTF-8\"";

    public static ProblemHttpResult Refusal { get; } = ServiceDefaults.Refusal.Of("personal-token",
        "A personal token is needed. This one is not known, has expired or was revoked, or its owner may not come in. Make one in the "
        + "portal under Your sessions, Personal tokens.", StatusCodes.Status401Unauthorized);
}
