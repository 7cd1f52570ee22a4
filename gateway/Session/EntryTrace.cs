using System.Diagnostics;
using System.Security.Cryptography;
using EnterprisePortal.ServiceDefaults.Observability;
using Microsoft.AspNetCore.DataProtection;
using Yarp.ReverseProxy.Transforms;
using CookieHeaderValue = Microsoft.Net.Http.Headers.CookieHeaderValue;

namespace EnterprisePortal.Gateway.Session;

/// <summary>
/// An entry passes here twice: the click on the key (<c>/open/{code}</c>), then, through the account, <c>/connect/authorize</c>. A cookie
/// that only the gateway can write keeps both in one trace for a minute. Trace headers from outside are ignored: with them anybody could
/// put requests into anybody's trace.
/// </summary>
sealed class EntryTrace(IDataProtectionProvider protection, IHostEnvironment environment) : DistributedContextPropagator
{
    const string Cookie = PortalSession.CookiePrefix + "entry";
    static readonly TimeSpan Life = TimeSpan.FromMinutes(1);
    static readonly DistributedContextPropagator Headers = CreateW3CPropagator();
    readonly ITimeLimitedDataProtector protector = protection
        .CreateProtector("EnterprisePortal.Gateway.EntryTrace").ToTimeLimitedDataProtector();

    /// <summary>Set on the answer that sends the browser to the account.</summary>
    public ValueTask Keep(ResponseTransformContext context)
    {
        if (context.ProxyResponse?.StatusCode == System.Net.HttpStatusCode.Redirect && TracedWork.Cause is { } trace)
            context.HttpContext.Response.Cookies.Append(Cookie, protector.Protect(trace, Life), new()
            {
                Path = "/connect/authorize", MaxAge = Life, HttpOnly = true, SameSite = SameSiteMode.Lax,
                Secure = context.HttpContext.Request.IsHttps || !environment.IsDevelopment()
            });
        return ValueTask.CompletedTask;
    }

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId,
        out string? traceState)
    {
        (traceId, traceState) = (null, null);
        if (carrier is not IHeaderDictionary headers || !CookieHeaderValue.TryParseList(headers.Cookie!, out var cookies)
            || cookies.FirstOrDefault(cookie => cookie.Name == Cookie) is not { } kept)
            return;
        try
        {
            traceId = protector.Unprotect(kept.Value.ToString());
        }
        catch (CryptographicException)
        {
            // Too old, or not ours: start a new trace.
        }
    }

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;

    public override IReadOnlyCollection<string> Fields => Headers.Fields;

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) =>
        Headers.Inject(activity, carrier, setter);
}
