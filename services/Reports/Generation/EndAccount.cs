using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Mail;
using EnterprisePortal.Contracts.Reports;
using EnterprisePortal.Reports.Files;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Reports.Generation;

/// <summary>
/// Gives an account of a run its final state, exactly once: the run's row is locked first, so of two that come at the same time the second
/// finds the account closed, and the last one of a run is known to be the last.
/// </summary>
sealed class EndAccount(ReportsDb db, ReportFiles files, IConfiguration configuration, TimeProvider clock)
{
    public Task Failed(RunAccount row, string problem, CancellationToken cancel) => End(row, RunAccount.Failed, problem, null, null, cancel);

    public Task Cancelled(RunAccount row, string problem, CancellationToken cancel) => End(row, RunAccount.Cancelled, problem, null, null, cancel);

    public Task Ready(RunAccount row, ReportFile file, Func<Func<ReadOnlyMemory<byte>, Task>, Task> download, CancellationToken cancel) =>
        End(row, RunAccount.Ready, null, file, download, cancel);

    async Task End(RunAccount row, string state, string? problem, ReportFile? file, Func<Func<ReadOnlyMemory<byte>, Task>, Task>? download, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (download is not null)
        {
            // A repeated message may have left pieces of the same file; the row's lock below decides which of two at once commits.
            await db.FileParts.Where(part => part.RunId == row.RunId && part.Account == row.Account).ExecuteDeleteAsync(cancel);
            var number = 0;
            await download(piece => db.Database.ExecuteSqlAsync(
                $"insert into report_file_part (run_id, account, number, data) values ({row.RunId}, {row.Account}, {number++}, {files.Protect(piece)})", cancel));
        }
        await db.Database.ExecuteSqlAsync($"select 1 from report_run where id = {row.RunId} for update", cancel);
        var json = file is null ? null : JsonSerializer.Serialize(file, JsonSerializerOptions.Web);
        var ended = await db.RunAccounts.Where(account => account.RunId == row.RunId && account.Account == row.Account && RunAccount.Open.Contains(account.State))
            .ExecuteUpdateAsync(account => account.SetProperty(set => set.State, state).SetProperty(set => set.Problem, problem)
                .SetProperty(set => set.File, json).SetProperty(set => set.ChangedAt, clock.GetUtcNow()), cancel);
        if (ended == 0)
            return;
        await FinishRun(row.RunId, cancel);
        await transaction.CommitAsync(cancel);
    }

    async Task FinishRun(Guid runId, CancellationToken cancel)
    {
        var states = await db.RunAccounts.AsNoTracking().Where(account => account.RunId == runId).GroupBy(account => account.State)
            .Select(group => new { State = group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.State, group => group.Count, cancel);
        if (RunAccount.Open.Any(states.ContainsKey))
            return;
        await db.Runs.Where(run => run.Id == runId).ExecuteUpdateAsync(run => run.SetProperty(set => set.FinishedAt, clock.GetUtcNow()), cancel);
        var run = await db.Runs.AsNoTracking().SingleAsync(row => row.Id == runId, cancel);
        if (run.MailTo is not null)
            db.Publish(new SendMail(run.MailTo, $"{ReportCatalogue.Find(run.Report)?.Name ?? run.Report} is ready",
                $"Your scheduled report is ready for {states.GetValueOrDefault(RunAccount.Ready)} of {states.Values.Sum()} accounts:\n{configuration.PortalUrl()}generated-reports/{runId}\n"));
        db.Publish(new ReportRunFinished(runId, states.GetValueOrDefault(RunAccount.Ready), states.GetValueOrDefault(RunAccount.Failed), states.GetValueOrDefault(RunAccount.Cancelled)));
        await db.SaveChangesAsync(cancel);
    }
}
