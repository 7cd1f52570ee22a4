using EnterprisePortal.OfficePortal.Accounts;

namespace EnterprisePortal.OfficePortal.Layout;

static class SafeHeaders
{
    /// <summary>No script at all, nothing from elsewhere, nothing kept by caches; addresses with a caller's number go to nobody.</summary>
    public static void UseSafeHeaders(this WebApplication app) => app.Use((http, next) =>
    {
        http.Response.OnStarting(() =>
        {
            // Browsers apply form-action to the redirect after a form as well, and Leave redirects to the portal.
            var portal = http.Features.Get<Visit>()?.Account.Issuer is { } issuer ? " " + new Uri(issuer).GetLeftPart(UriPartial.Authority) : "";
            var headers = http.Response.Headers;
            headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'self'; form-action 'self'{portal}; frame-ancestors 'none'";
            headers["Referrer-Policy"] = "no-referrer";
            headers.XContentTypeOptions = "nosniff";
            if (http.Features.Get<Visit>() is not null)
                headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return next(http);
    });
}
