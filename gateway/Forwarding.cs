using System.Net.Mime;
using EnterprisePortal.Gateway.Session;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Calls;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace EnterprisePortal.Gateway;

/// <summary>YARP over <see cref="Routes.All"/>: the cookie stays here, the person's access token is passed on.</summary>
public static class Forwarding
{
    public static WebApplicationBuilder AddForwarding(this WebApplicationBuilder builder)
    {
        builder.Services.AddReverseProxy()
            .LoadFromMemory([.. Routes.All.Select(ToYarp)], [.. Routes.All.Select(route => route.Service).Distinct().Select(Cluster)])
            .AddServiceDiscoveryDestinationResolver()
            .ConfigureHttpClient((_, handler) => ReplicaSockets.Settle(handler))
            .AddTransforms(Transform);
        return builder;
    }

    public static void MapForwarding(this WebApplication app) => app.MapReverseProxy(proxy =>
    {
        proxy.UseMiddleware<AttachAccessToken>();
        proxy.UseMiddleware<TryAnotherReplica>();
        proxy.UseLoadBalancing();
        proxy.UsePassiveHealthChecks();
    });

    static RouteConfig ToYarp(Route route) => new()
    {
        RouteId = route.Path,
        ClusterId = route.Service,
        Match = new() { Path = route.Path },
        AuthorizationPolicy = route.Access,
        RateLimiterPolicy = route.Limit,
        Transforms = route.Rewrite is null ? null : [new Dictionary<string, string> { ["PathPattern"] = route.Rewrite }]
    };

    static ClusterConfig Cluster(string service) => new()
    {
        ClusterId = service,
        LoadBalancingPolicy = LoadBalancingPolicies.PowerOfTwoChoices,
        Destinations = new Dictionary<string, DestinationConfig> { [service] = new() { Address = $"https+http://{service}" } },
        // Also by TryAnotherReplica, at once.
        HealthCheck = new()
        {
            // One address may stand for several replicas, and one of them stopping is no reason to refuse.
            AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
            Passive = new() { Enabled = true, Policy = "TransportFailureRate", ReactivationPeriod = TimeSpan.FromSeconds(5) }
        }
    };

    static void Transform(TransformBuilderContext context)
    {
        context.AddRequestTransform(KeepCookie);
        context.AddResponseTransform(TryAnotherReplica.LeaveAlone);
        if (context.Route.RouteId == Routes.Entry)
            context.AddResponseTransform(context.Services.GetRequiredService<EntryTrace>().Keep);
        if (Routes.All.Single(route => route.Path == context.Route.RouteId).IsPage)
            context.AddResponseTransform(LeaveRefusalsToThePages);
    }

    /// <summary>Only Identity has cookies of its own; only the gateway sees the session cookie.</summary>
    static ValueTask KeepCookie(RequestTransformContext context)
    {
        context.ProxyRequest.Headers.Remove("Cookie");
        if (context.Path.StartsWithSegments("/connect") && IdentitysCookies(context.HttpContext) is { } cookies)
            context.ProxyRequest.Headers.TryAddWithoutValidation("Cookie", cookies);
        return ValueTask.CompletedTask;
    }

    internal static string? IdentitysCookies(HttpContext http)
    {
        var ours = http.CookieName(PortalSession.CookiePrefix);
        var kept = http.Request.Cookies.Where(cookie => !cookie.Key.StartsWith(ours, StringComparison.Ordinal))
            .Select(cookie => $"{cookie.Key}={Uri.EscapeDataString(cookie.Value)}").ToArray();
        return kept.Length > 0 ? string.Join("; ", kept) : null;
    }

    /// <summary>A browser that was refused gets our page (<see cref="ErrorPages"/>) with the service's sentence instead of JSON.</summary>
    static async ValueTask LeaveRefusalsToThePages(ResponseTransformContext context)
    {
        if (context.ProxyResponse is not { } answer || (int)answer.StatusCode < 400 || !ErrorPages.WantsPage(context.HttpContext.Request))
            return;
        if (answer.Content.Headers.ContentType?.MediaType == MediaTypeNames.Application.ProblemJson)
            context.HttpContext.Items[ErrorPages.Words] =
                await answer.Content.ReadFromJsonAsync<HttpValidationProblemDetails>(context.CancellationToken) is { } problem
                ? problem.Errors.Values.FirstOrDefault()?.FirstOrDefault() ?? problem.Detail : null;
        context.SuppressResponseBody = true;
        context.HttpContext.Response.Headers.Remove("Content-Type");
        context.HttpContext.Response.Headers.Remove("Content-Length");
    }
}
