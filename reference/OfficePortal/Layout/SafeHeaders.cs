using EnterprisePortal.OfficePortal.Accounts;

namespace EnterprisePortal.OfficePortal.Layout;

static class SafeHeaders
{
    /// <summary>
    /// No script at all, nothing from other hosts, nothing stored by caches; an address with a caller's number is never passed on.
    /// </summary>
    public static void UseSafeHeaders(this WebApplication app) => app.Use((http, next) =>
    {
        http.Response.OnStarting(() =>
        {
            // Browsers also apply form-action to the redirect after a form, and Leave redirects to the portal.
            var portal = http.Features.Get<Visit>()?.Account.Issuer is { } issuer
                ? " " + new Uri(issuer).GetLeftPart(UriPartial.Authority) : "";
            var headers = http.Response.Headers;
            headers.ContentSecurityPolicy =
                $"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'self'; form-action 'self'{portal}; frame-ancestors 'none'";
            headers["Referrer-Policy"] = "no-referrer";
            headers.XContentTypeOptions = "nosniff";
            if (http.Features.Get<Visit>() is not null)
                headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return next(http);
    });
}
