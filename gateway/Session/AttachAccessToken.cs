using EnterprisePortal.Gateway.Security;
using Microsoft.AspNetCore.Authentication;
using Polly;

namespace EnterprisePortal.Gateway.Session;

/// <summary>
/// Turns the session cookie into an access token, and a personal token too where it is allowed. A caller with an access token of its own
/// keeps it, and needs no proof against forgery.
/// </summary>
sealed class AttachAccessToken(RequestDelegate next, ExchangePersonalTokens personal)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var access = http.GetReverseProxyFeature().Route.Config.AuthorizationPolicy;
        if (access == Access.Feed && ExchangePersonalTokens.In(http.Request) is { } token)
        {
            if (await Exchanged(token, http) is not { } exchanged)
                return;
            http.Request.Headers.Authorization = $"Bearer {exchanged}";
        }
        else if (access == Access.SignedIn || access is Access.Caller or Access.Feed && !http.Request.HasBearer())
        {
            if (!Csrf.IsSafe(http.Request) && !Csrf.HasHeader(http.Request))
            {
                await Csrf.Refusal.ExecuteAsync(http);
                return;
            }
            http.Request.Headers.Authorization = $"Bearer {await http.GetTokenAsync(PortalSession.AccessToken)}";
        }
        await next(http);
    }

    /// <returns>null if it was refused.</returns>
    async Task<string?> Exchanged(string token, HttpContext http)
    {
        try
        {
            if (await personal.Exchange(token, http.Connection.RemoteIpAddress?.ToString(), http.RequestAborted) is { } exchanged)
                return exchanged;
            Feeds.AskForToken(http.Response);
            await Feeds.Refusal.ExecuteAsync(http);
        }
        catch (Exception e) when (e is HttpRequestException or ExecutionRejectedException)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
        return null;
    }
}
