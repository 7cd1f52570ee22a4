using EnterprisePortal.Contracts.Reports;
using EnterprisePortal.ServiceDefaults.Background;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.ServiceDefaults.Observability;
using Npgsql;

namespace EnterprisePortal.Reports.Generation;

/// <summary>
/// Ends a run by its deadline whatever became of its messages: accounts that are still open then get one more message, and fail by name
/// (<see cref="GenerateReport"/>). A second message for an account does no harm.
/// </summary>
sealed class EndOverdueRuns(NpgsqlDataSource db, TimeProvider clock, ILogger<EndOverdueRuns> log)
    : BackgroundLoop(TimeSpan.FromSeconds(30), clock, log)
{
    protected override async Task Round(CancellationToken stop)
    {
        await using var connection = await db.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var overdue = new List<GenerateAccountReport>();
        // Open or finished accounts: the same message finishes a run whose last account was closed by a process that was killed right
        // after.
        await using (var command = new NpgsqlCommand(
            """
            select run.id, account.account
            from report_run run join lateral (
              select account from report_run_account where run_id = run.id
                order by state in ('queued', 'running') desc limit 500) account on true
            where run.finished_at is null and run.deadline < $1
            limit 500
            """, connection))
        {
            command.Parameters.AddWithValue(Clock.GetUtcNow());
            await using var rows = await command.ExecuteReaderAsync(stop);
            while (await rows.ReadAsync(stop))
                overdue.Add(new(rows.GetGuid(0), rows.GetString(1)));
        }
        using var work = overdue.Count > 0 ? TracedWork.Begin("end overdue runs") : null;
        foreach (var one in overdue)
            await connection.Publish(one, stop);
        await transaction.CommitAsync(stop);
    }
}
