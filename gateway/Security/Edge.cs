namespace EnterprisePortal.Gateway.Security;

/// <summary>Settings for a server on the internet.</summary>
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
        // The log lines of YARP and Polly include the addresses they call, with query strings.
        builder.Logging.AddFilter("Yarp", LogLevel.Error);
        builder.Logging.AddFilter("Polly", LogLevel.Error);
        return builder;
    }

    /// <summary>An unknown address: 404 for everybody who may ask, instead of a sign-in for a program with a token.</summary>
    public static void MapNothing(this WebApplication app) =>
        app.Map("/api/{**rest}", () => TypedResults.NotFound()).RequireAuthorization(Access.Caller).RequireRateLimiting(RateLimits.Api);
}
