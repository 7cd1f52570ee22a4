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
        return builder;
    }

    /// <summary>An address that nobody forwards: 404 for whoever may ask, instead of a sign-in for a program with a token.</summary>
    public static void MapNothing(this WebApplication app) =>
        app.Map("/api/{**rest}", () => TypedResults.NotFound()).RequireAuthorization(Access.Caller).RequireRateLimiting(RateLimits.Api);
}
