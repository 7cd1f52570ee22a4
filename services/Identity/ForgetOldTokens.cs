using EnterprisePortal.Contracts;
using EnterprisePortal.ServiceDefaults.Background;
using OpenIddict.Abstractions;

namespace EnterprisePortal.Identity;

/// <summary>
/// Every refresh leaves a row behind. A used refresh token is kept for as long as its session can live, so that a stolen one is noticed.
/// </summary>
public sealed class ForgetOldTokens(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ForgetOldTokens> log)
    : BackgroundLoop(TimeSpan.FromHours(1), clock, log)
{
    protected override async Task Round(CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var before = Clock.GetUtcNow() - PortalSessions.Life;
        await scope.ServiceProvider.GetRequiredService<IOpenIddictTokenManager>().PruneAsync(before, stop);
        await scope.ServiceProvider.GetRequiredService<IOpenIddictAuthorizationManager>().PruneAsync(before, stop);
    }
}
