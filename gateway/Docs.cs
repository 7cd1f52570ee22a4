using System.Security.Cryptography;
using EnterprisePortal.Contracts;
using EnterprisePortal.Gateway.Security;
using Scalar.AspNetCore;

namespace EnterprisePortal.Gateway;

/// <summary>
/// <c>/docs</c>: the services' OpenAPI documents, rendered by Scalar from files served here; nothing is loaded from elsewhere.
/// </summary>
public static class Docs
{
    public static void MapDocs(this WebApplication app) => app.MapScalarApiReference("/docs", (options, http) =>
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        // The only page that may set styles from script.
        http.Response.Headers.ContentSecurityPolicy = SecurityHeaders.Policy
            .Replace("script-src 'self'", $"script-src 'self' 'nonce-{nonce}'", StringComparison.Ordinal)
            .Replace("style-src 'self'", "style-src 'self' 'unsafe-inline'", StringComparison.Ordinal);
        options.WithTitle("Enterprise Portal API").WithNonce(nonce).DisableDefaultFonts().DisableTelemetry().DisableAgent()
            .HideDeveloperTools();
        foreach (var service in PortalServices.All)
            options.AddDocument(service, char.ToUpperInvariant(service[0]) + service[1..], $"/docs/{service}.json");
    }).RequireAuthorization(Access.SignedIn).RequireRateLimiting(RateLimits.Pages);
}
