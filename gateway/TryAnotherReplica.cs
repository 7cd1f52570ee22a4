using Yarp.ReverseProxy.Forwarder;

namespace EnterprisePortal.Gateway;

/// <summary>
/// A replica that has just died is not yet known to be dead. A request that cannot have taken effect goes to the next one: requests that
/// only read, and any whose connection was never made.
/// </summary>
sealed class TryAnotherReplica(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var proxy = http.GetReverseProxyFeature();
        for (var untried = proxy.AvailableDestinations; ;)
        {
            await next(http);
            untried = [.. untried.Where(replica => replica != proxy.ProxiedDestination)];
            if (untried.Count == 0 || http.Response.HasStarted || http.Features.Get<IForwarderErrorFeature>() is not { } error
                || !CanBeRepeated(http.Request, error))
                return;
            http.Features.Set<IForwarderErrorFeature>(null);
            http.Response.StatusCode = StatusCodes.Status200OK;
            proxy.AvailableDestinations = untried;
        }
    }

    static bool CanBeRepeated(HttpRequest request, IForwarderErrorFeature error) => error.Error == ForwarderError.Request
        && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
            || error.Exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError });
}
