using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.Directory;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace EnterprisePortal.Sync;

/// <summary>
/// The portal is ready once the first sync of every active account has come to an end: applied, rejected, or failed often enough to be named.
/// From then on it stays ready; an account that is onboarded later does not take the service down.
/// </summary>
public sealed class FirstSync(DirectoryReplica directory, NpgsqlDataSource db) : IHealthCheck
{
    volatile bool ready;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        if (ready)
            return HealthCheckResult.Healthy();
        var active = directory.AllAccounts.Where(account => account.Status == AccountState.Active).Select(account => account.Code).ToArray();
        await using var command = db.CreateCommand("select count(*) from account_sync where settled and account = any($1)");
        command.Parameters.AddWithValue(active);
        var settled = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        // Without a directory there is nothing to wait for yet: the check "directory" says so itself.
        ready = active.Length > 0 && settled == active.Length;
        return ready || active.Length == 0 ? HealthCheckResult.Healthy() : new(context.Registration.FailureStatus, $"First sync: {settled} of {active.Length} accounts.");
    }
}
