using System.IO.Compression;
using System.Net.Mime;
using Microsoft.AspNetCore.ResponseCompression;
using Yarp.ReverseProxy.Model;

namespace EnterprisePortal.Gateway;

/// <summary>
/// The portal's own pages, and nothing else: forwarded answers are passed on as they come, streams of events are no text/html, and the
/// files of wwwroot were compressed when the portal was built.
/// </summary>
/// <remarks>
/// A compressed answer tells by its length whether something in the address repeats something on the page
/// (<see href="https://www.breachattack.com/">BREACH</see>). To gain by that, another site would have to make the browser ask for many
/// pages as the person. What it makes the browser ask for (<c>Sec-Fetch-Site</c>) is therefore not compressed. Besides, the only secrets
/// of a page are the anti-forgery token, encrypted anew for each answer, and a new personal token, which is in one answer to a form and in
/// no other.
/// </remarks>
static class Compression
{
    public static WebApplicationBuilder AddCompression(this WebApplicationBuilder builder)
    {
        builder.Services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = [MediaTypeNames.Text.Html];
            options.Providers.Add<BrotliCompressionProvider>();
            options.Providers.Add<GzipCompressionProvider>();
        });
        // A page is made for one request: what a better level saves on the wire takes longer here.
        builder.Services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        builder.Services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
        return builder;
    }

    /// <summary>Behind the routing, which knows what is forwarded.</summary>
    public static void UseCompression(this WebApplication app) =>
        app.UseWhen(http => IsOurs(http) && !IsAskedByAnotherSite(http.Request), pages => pages.UseResponseCompression());

    static bool IsOurs(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<RouteModel>() is null;

    static bool IsAskedByAnotherSite(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";
}
