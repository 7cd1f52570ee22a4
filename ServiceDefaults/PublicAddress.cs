using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EnterprisePortal.ServiceDefaults;

/// <summary>
/// Rules for applications that browsers reach (the gateway, the Office Portal): outside Development they answer https only, under their own
/// name only, and believe only the configured proxies about the client.
/// </summary>
public static class PublicAddress
{
    /// <param name="setting">The setting that holds the address: <c>Portal:Url</c>, <c>Office:Url</c>.</param>
    public static WebApplicationBuilder AddPublicAddress(this WebApplicationBuilder builder, string setting)
    {
        builder.RequireHttps(setting);
        builder.DescribeApiAt(setting);
        // The load balancers in front: addresses or networks, separated by commas. They pass the Host header on unchanged.
        var proxies = (builder.Configuration["ForwardedHeaders:KnownProxies"] ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (proxies.FirstOrDefault(proxy => !IPAddress.TryParse(proxy, out _) && !System.Net.IPNetwork.TryParse(proxy, out _)) is { } wrong)
            throw new InvalidOperationException(
                $"ForwardedHeaders:KnownProxies cannot be used: {wrong} is neither an address nor a network.");
        builder.Services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = proxies.Length == 0 ? ForwardedHeaders.None
                : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.ForwardLimit = null; // The known proxies are the limit.
            foreach (var proxy in proxies)
                if (proxy.Contains('/'))
                    options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
                else
                    options.KnownProxies.Add(IPAddress.Parse(proxy));
        });
        if (builder.Environment.IsDevelopment())
            return builder;
        var address = new Uri(builder.Configuration[setting] ?? throw new InvalidOperationException($"{setting} is not set."));
        builder.Configuration["AllowedHosts"] ??= address.Host;
        builder.Services.AddHsts(options => options.MaxAge = TimeSpan.FromDays(365));
        builder.Services.AddHttpsRedirection(options =>
            (options.HttpsPort, options.RedirectStatusCode) = (address.Port, StatusCodes.Status308PermanentRedirect));
        return builder;
    }

    /// <summary>Call after UseServiceDefaults, which determines whether the client came by https.</summary>
    public static void UsePublicAddress(this WebApplication app)
    {
        if (app.Environment.IsDevelopment())
            return;
        app.UseHsts();
        // Health probes come from inside, by http.
        app.UseWhen(http => http.Request.Path != "/health" && http.Request.Path != "/alive", visitors => visitors.UseHttpsRedirection());
    }

    /// <exception cref="InvalidOperationException">The setting is a plain http address, outside Development.</exception>
    public static void RequireHttps(this WebApplicationBuilder builder, string setting)
    {
        if (!builder.Environment.IsDevelopment() && builder.Configuration[setting] is { Length: > 0 } address
            && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps))
            throw new InvalidOperationException(
                $"{setting} is {address}: outside Development it is an https address, since sign-ins and tokens travel there.");
    }

    /// <summary>OpenAPI documents show the configured address, never the one in a request.</summary>
    internal static void DescribeApiAt(this WebApplicationBuilder builder, string setting)
    {
        if (builder.Configuration[setting] is { Length: > 0 } address)
            builder.Services.Configure<OpenApiOptions>("v1", options => options.AddDocumentTransformer((document, _, _) =>
            {
                document.Servers = [new() { Url = address }];
                return Task.CompletedTask;
            }));
    }

    /// <summary>
    /// Outside Development a cookie's name says that it was set over https by this very host, and browsers enforce that
    /// (https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-cookie-name-prefixes); the name of a cookie for one path
    /// cannot claim the host.
    /// </summary>
    public static string CookieName(this IHostEnvironment environment, string name, string path = "/") =>
        environment.IsDevelopment() ? name : (path == "/" ? "__Host-" : "__Secure-") + name;

    /// <summary>The same for cookies that a handler writes.</summary>
    public static string CookieName(this HttpContext http, string name, string path = "/") => http.Environment().CookieName(name, path);

    public static bool IsCookieSecure(this HttpContext http) => http.Request.IsHttps || !http.Environment().IsDevelopment();

    /// <summary>The same for cookies of the framework. Over plain http in Development they keep name and path.</summary>
    public static void Protect(this CookieBuilder cookie, string name, IHostEnvironment environment)
    {
        cookie.Name = environment.CookieName(name);
        cookie.SecurePolicy = environment.IsDevelopment() ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
        if (!environment.IsDevelopment())
            cookie.Path = "/";
    }

    static IHostEnvironment Environment(this HttpContext http) => http.RequestServices.GetRequiredService<IHostEnvironment>();
}
