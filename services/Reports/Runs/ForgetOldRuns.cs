using EnterprisePortal.ServiceDefaults.Background;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Reports.Runs;

/// <summary>Runs and their files are kept for 60 days. A second deletion finds nothing more.</summary>
sealed class ForgetOldRuns(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ForgetOldRuns> log)
    : BackgroundLoop(TimeSpan.FromHours(1), clock, log)
{
    static readonly TimeSpan KeptFor = TimeSpan.FromDays(60);

    protected override async Task Round(CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, oldest) = (scope.ServiceProvider.GetRequiredService<ReportsDb>(), Clock.GetUtcNow() - KeptFor);
        await db.Runs.Where(run => run.CreatedAt < oldest).ExecuteDeleteAsync(stop);
        await db.Database.ExecuteSqlAsync($"delete from erased_family where erased_at < {oldest}", stop);
    }
}
