using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EnterprisePortal.Reports.Runs;

/// <summary>Runs and their files are kept 60 days. Deleting twice deletes nothing more.</summary>
sealed class ForgetOldRuns(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ForgetOldRuns> log) : BackgroundService
{
    static readonly TimeSpan Kept = TimeSpan.FromDays(60);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var hourly = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        do
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var (db, oldest) = (scope.ServiceProvider.GetRequiredService<ReportsDb>(), clock.GetUtcNow() - Kept);
                await db.Runs.Where(run => run.CreatedAt < oldest).ExecuteDeleteAsync(stoppingToken);
                await db.Database.ExecuteSqlAsync($"delete from erased_family where erased_at < {oldest}", stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
            {
                log.LogWarning("Old runs are removed an hour later: {Problem}", e.Message);
            }
        }
        while (await hourly.WaitForNextTickAsync(stoppingToken));
    }
}
