using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.Transforms;

namespace EnterprisePortal.Gateway;

/// <summary>
/// A replica that has just died is not yet known to be dead. A request that cannot have taken effect goes to the next one: requests that
/// only read, and any whose connection was never made. A replica that is dead, or says that it will stop, is left alone for a moment.
/// </summary>
sealed class TryAnotherReplica(RequestDelegate next, IDestinationHealthUpdater health)
{
    static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    public async Task InvokeAsync(HttpContext http)
    {
        var proxy = http.GetReverseProxyFeature();
        for (var untried = proxy.AvailableDestinations; ;)
        {
            await next(http);
            untried = [.. untried.Where(replica => replica != proxy.ProxiedDestination)];
            if (http.Features.Get<IForwarderErrorFeature>() is { Error: ForwarderError.Request } && proxy.ProxiedDestination is { } dead)
                health.SetPassive(proxy.Route.Cluster!, dead, DestinationHealth.Unhealthy, Rest);
            if (untried.Count == 0 || http.Response.HasStarted || http.Features.Get<IForwarderErrorFeature>() is not { } error
                || !CanBeRepeated(http.Request, error))
                return;
            http.Features.Set<IForwarderErrorFeature>(null);
            http.Response.StatusCode = StatusCodes.Status200OK;
            proxy.AvailableDestinations = untried;
        }
    }

    /// <summary>A replica that is about to stop closes the connection with each of its answers.</summary>
    public static ValueTask LeaveAlone(ResponseTransformContext context)
    {
        if (context.ProxyResponse?.Headers.ConnectionClose == true
            && context.HttpContext.GetReverseProxyFeature() is { ProxiedDestination: { } replica, Route.Cluster: { } cluster })
            context.HttpContext.RequestServices.GetRequiredService<IDestinationHealthUpdater>()
                .SetPassive(cluster, replica, DestinationHealth.Unhealthy, Rest);
        return ValueTask.CompletedTask;
    }

    static bool CanBeRepeated(HttpRequest request, IForwarderErrorFeature error) => error.Error == ForwarderError.Request
        && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
            || error.Exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError });
}
