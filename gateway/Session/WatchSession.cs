using System.Runtime.CompilerServices;
using EnterprisePortal.Gateway.Security;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Gateway.Session;

/// <summary>
/// A stream that sends nothing and stays open as long as the session. When it closes, the open page asks again, is redirected to the
/// sign-in, and goes there (portal.js). It also closes each minute: the whole session is then checked, not only the broker's messages.
/// </summary>
public static class WatchSession
{
    static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(0.25), LongestStream = TimeSpan.FromMinutes(1);

    public static void MapWatchSession(this WebApplication app) =>
        app.MapGet("/session-events", Handle).RequireAuthorization(Access.AnySession).RequireRateLimiting(RateLimits.Pages)
            .WithName(nameof(WatchSession));

    static ServerSentEventsResult<string> Handle(
        HttpContext http,
        RevokedSessions revoked,
        TimeProvider clock,
        IHostApplicationLifetime gateway,
        CancellationToken left) =>
        TypedResults.ServerSentEvents(UntilItEnds(
            PortalSession.Of(http.User)!.Value.Session, revoked, clock, gateway.ApplicationStopping, left));

    static async IAsyncEnumerable<string> UntilItEnds(
        string session,
        RevokedSessions revoked,
        TimeProvider clock,
        CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken left)
    {
        yield return "open";
        using var looks = new PeriodicTimer(LookInterval);
        for (var end = clock.GetUtcNow() + LongestStream; clock.GetUtcNow() < end && !revoked.Contains(session)
            && !stopping.IsCancellationRequested && !left.IsCancellationRequested;)
            await looks.WaitForNextTickAsync(CancellationToken.None);
    }
}
