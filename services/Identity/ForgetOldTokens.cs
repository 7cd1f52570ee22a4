using EnterprisePortal.Contracts;
using Npgsql;
using OpenIddict.Abstractions;

namespace EnterprisePortal.Identity;

/// <summary>Every refresh leaves a row behind. A used refresh token is kept for as long as its session could live, so that a stolen one is noticed.</summary>
public sealed class ForgetOldTokens(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ForgetOldTokens> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var hourly = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        while (await hourly.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var before = clock.GetUtcNow() - PortalSessions.Life;
                await scope.ServiceProvider.GetRequiredService<IOpenIddictTokenManager>().PruneAsync(before, stoppingToken);
                await scope.ServiceProvider.GetRequiredService<IOpenIddictAuthorizationManager>().PruneAsync(before, stoppingToken);
            }
            catch (NpgsqlException e)
            {
                log.LogWarning("Old tokens stay until the next hour: {Problem}", e.Message);
            }
        }
    }
}
