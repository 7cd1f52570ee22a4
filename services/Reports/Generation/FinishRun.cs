using Dapper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Mail;
using EnterprisePortal.Contracts.Reports;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.ServiceDefaults.SignIn;
using Npgsql;

namespace EnterprisePortal.Reports.Generation;

/// <summary>
/// The last account of a run has its final state: the run is finished, once, and its requested mail is published in the same transaction.
/// The row is locked before the accounts are counted, so that a retry of an account comes either before or after.
/// </summary>
sealed class FinishRun(NpgsqlDataSource db, IConfiguration configuration, TimeProvider clock)
{
    public async Task Run(Guid runId, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await Unfinished(connection, runId, cancel) is not { } run)
            return;
        var states = await States(connection, runId, cancel);
        if (RunAccount.Open.Any(states.ContainsKey))
            return;
        await connection.ExecuteAsync(new CommandDefinition(
            "update report_run set finished_at = @now where id = @runId", new { runId, now = clock.GetUtcNow() },
            cancellationToken: cancel));
        if (run is { MailTo: { } owner, IsCancelled: false })
            await connection.Publish(Mail(owner, run, runId, states), cancel);
        await connection.Publish(new ReportRunFinished(runId, states.GetValueOrDefault(RunAccount.Ready),
            states.GetValueOrDefault(RunAccount.Failed), states.GetValueOrDefault(RunAccount.Cancelled)), cancel);
        await transaction.CommitAsync(cancel);
    }

    sealed record UnfinishedRun(string Report, Guid GroupId, string? MailTo, bool IsCancelled);

    static async Task<UnfinishedRun?> Unfinished(NpgsqlConnection connection, Guid runId, CancellationToken cancel) =>
        await connection.QuerySingleOrDefaultAsync<UnfinishedRun>(new CommandDefinition(
            """
            select report, group_id, mail_to, cancelled_at is not null as is_cancelled
            from report_run where id = @runId and finished_at is null for update
            """, new { runId }, cancellationToken: cancel));

    static async Task<Dictionary<string, int>> States(NpgsqlConnection connection, Guid runId, CancellationToken cancel) =>
        (await connection.QueryAsync<(string State, int Accounts)>(new CommandDefinition(
            "select state, count(*)::int from report_run_account where run_id = @runId group by state", new { runId },
            cancellationToken: cancel)))
        .ToDictionary(row => row.State, row => row.Accounts);

    /// <summary>With a link and without the report: access is checked when the link is opened.</summary>
    SendMail Mail(string to, UnfinishedRun run, Guid runId, Dictionary<string, int> states)
    {
        var report = run.Report;
        var (name, ready, all) = (ReportCatalogue.Find(report)?.Name ?? report, states.GetValueOrDefault(RunAccount.Ready),
            states.Values.Sum());
        var others = all == ready ? "" : "Which are missing, and why, is shown there.\n";
        var (subject, outcome) = ready == 0
            ? ($"{name} could not be made", $"could not be made in any of {all} accounts")
            : ($"{name} is ready", $"is ready for {ready} of {all} accounts");
        return new(to, subject,
            $"Your scheduled report {name} ({report}) {outcome}:\n{configuration.PortalUrl()}generated-reports/{runId}\n{others}\n"
            + $"You get this because of a schedule of yours: {configuration.PortalUrl()}generated-reports/schedules\n",
            run.GroupId);
    }
}
