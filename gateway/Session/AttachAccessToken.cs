using EnterprisePortal.Gateway.Security;
using Microsoft.AspNetCore.Authentication;
using Yarp.ReverseProxy.Model;

namespace EnterprisePortal.Gateway.Session;

/// <summary>The gateway turns a cookie into a token. A caller with a token of its own keeps it, and needs no proof against forgery.</summary>
sealed class AttachAccessToken(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var access = http.GetReverseProxyFeature().Route.Config.AuthorizationPolicy;
        if (access == Access.SignedIn || access == Access.Caller && !http.Request.HasBearer())
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
}
