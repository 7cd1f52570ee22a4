using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace EnterprisePortal.Gateway.Security;

/// <summary>The gateway is what the internet talks to.</summary>
public static class Edge
{
    const long LargestBody = 1024 * 1024;

    public static WebApplicationBuilder AddEdge(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        });
        // YARP's and Polly's own lines name the addresses they call, query strings included.
        builder.Logging.AddFilter("Yarp", LogLevel.Error);
        builder.Logging.AddFilter("Polly", LogLevel.Error);
        builder.Services.AddHsts(options => options.MaxAge = TimeSpan.FromDays(365));
        // Behind this machine a service believes what the gateway says of the client. The gateway believes nobody but the
        // load balancers named in Gateway:TrustedProxies (addresses or networks, comma separated).
        builder.Services.Configure<ForwardedHeadersOptions>(options =>
        {
            var trusted = (builder.Configuration["Gateway:TrustedProxies"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (trusted.Length == 0)
                options.ForwardedHeaders = ForwardedHeaders.None;
            foreach (var proxy in trusted)
                if (proxy.Contains('/'))
                    options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
                else
                    options.KnownProxies.Add(IPAddress.Parse(proxy));
        });
        return builder;
    }

    /// <summary>An address that nobody forwards: 404 for whoever may ask, instead of a sign-in for a program with a token.</summary>
    public static void MapNothing(this WebApplication app) =>
        app.Map("/api/{**rest}", () => TypedResults.NotFound()).RequireAuthorization(Access.Caller).RequireRateLimiting(RateLimits.Api);
}
