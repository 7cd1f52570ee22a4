using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Reports.Generation;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Reports.Files;

/// <summary>
/// An account has left the portal: its collected files and its figures are deleted, and reports still being generated there end. Only what
/// is from before is considered, so that repetition, even after the account was registered again, finds nothing more to do.
/// </summary>
sealed class RemoveAccount(ReportsDb db, FindWork find, EndAccount end, TimeProvider clock) : IConsumer<AccountRemoved>
{
    public async Task Consume(ConsumeContext<AccountRemoved> context)
    {
        var (code, at, cancel) = (context.Message.Account, context.Message.At.ToUniversalTime(), context.CancellationToken);
        var before = db.Runs.Where(run => run.CreatedAt <= at).Select(run => run.Id);
        foreach (var run in await db.RunAccounts.Where(row => row.Account == code && RunAccount.Open.Contains(row.State)
            && before.Contains(row.RunId)).Select(row => row.RunId).ToListAsync(cancel))
            if (await find.Of(run, code) is { IsOpen: true } work)
                await end.Run(new(work, RunAccount.Cancelled, "no longer in reach"), cancel);

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var now = clock.GetUtcNow();
        await db.RunAccounts.Where(row => row.Account == code && row.State == RunAccount.Ready && before.Contains(row.RunId))
            .ExecuteUpdateAsync(row => row
            .SetProperty(gone => gone.State, RunAccount.Cancelled)
            .SetProperty(gone => gone.Problem, "The account was removed from the portal.")
            .SetProperty(gone => gone.Rows, (int?)null).SetProperty(gone => gone.Sections, (string?)null)
            .SetProperty(gone => gone.ChangedAt, now), cancel);
        await db.Files.Where(file => file.Account == code && before.Contains(file.RunId)).ExecuteDeleteAsync(cancel);
        await db.Database.ExecuteSqlAsync(
            $"""
            delete from report_file_part part using report_run run
            where part.account = {code} and run.id = part.run_id and run.created_at <= {at}
            """, cancel);
        await db.Database.ExecuteSqlAsync($"delete from account_figures where account = {code} and taken_at <= {at}", cancel);
        await transaction.CommitAsync(cancel);
    }
}
