using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Gateway.Security;

/// <summary>
/// A request that changes something on the strength of a cookie must prove that our own page or program sent it: other sites cannot set a
/// header across origins without a preflight, and cannot know the form's token.
/// </summary>
public static class Csrf
{
    public const string Header = "X-CSRF";

    public static bool HasHeader(HttpRequest request) => request.Headers[Header] == "1";

    public static bool IsSafe(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);

    /// <summary>
    /// The browser itself says that a link of our own page led here, not another site, a mail or a bookmark.
    /// https://www.w3.org/TR/fetch-metadata/
    /// </summary>
    public static bool IsOwnLink(HttpRequest request) => request.Headers["Sec-Fetch-Site"] == "same-origin";

    public static async Task<bool> IsOurs(HttpContext http, IAntiforgery antiforgery) =>
        HasHeader(http.Request) || await antiforgery.IsRequestValidAsync(http);

    public static ProblemHttpResult Refusal { get; } = ServiceDefaults.Refusal.Of("csrf",
        $"A request that changes something on the cookie's session needs the header {Header}: 1, or the form's anti-forgery token.",
        StatusCodes.Status403Forbidden);
}
