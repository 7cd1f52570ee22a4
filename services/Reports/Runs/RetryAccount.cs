using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Reports;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Reports.Runs;

/// <summary>
/// Retries a failed account, or all of a run. Only the step failed → queued sends a message, so pressing twice retries once. The account
/// keeps the run's idempotency key: if it has the report after all, that report is collected.
/// </summary>
public static class RetryAccount
{
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(30);

    public static void Map(RouteGroupBuilder runs)
    {
        runs.MapPost("/{id:guid}/accounts/{code}/retry", Handle).WithName(nameof(RetryAccount));
        runs.MapPost("/{id:guid}/retry",
            (Guid id, ReportsDb db, DirectoryReplica directory, ActivityRecorder activities, Person person, TimeProvider clock,
                CancellationToken cancel) =>
            Handle(id, null, db, directory, activities, person, clock, cancel)).WithName("RetryFailed");
    }

    static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(Guid id, string? code, ReportsDb db,
        DirectoryReplica directory, ActivityRecorder activities, Person person, TimeProvider clock, CancellationToken cancel)
    {
        var reach = directory.ReachOf(person);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.Find(id, person, reach, cancel) is not { } run
            || code is not null && run.Accounts.All(account => account.Account != code))
            return TypedResults.NotFound();
        if (run.CancelledAt is not null)
            return Refusal.Of("run-cancelled", "This run was canceled. Start it again instead.");

        await db.Database.ExecuteSqlAsync($"select 1 from report_run where id = {id} for update", cancel);
        var failed = await db.RunAccounts.Where(row => row.RunId == id && row.State == RunAccount.Failed
            && reach.Codes.Contains(row.Account) && (code == null || row.Account == code)).ToListAsync(cancel);
        foreach (var row in failed)
        {
            // A task that failed in the account is started again; the account does that when it gets the same key.
            (row.State, row.Problem, row.TaskId, row.Polls, row.ChangedAt) = (RunAccount.Queued, null, null, 0, clock.GetUtcNow());
            db.Publish(new GenerateAccountReport(id, row.Account));
        }
        if (failed.Count > 0)
        {
            await db.Runs.Where(row => row.Id == id)
                .ExecuteUpdateAsync(row => row.SetProperty(set => set.FinishedAt, (DateTimeOffset?)null)
                    .SetProperty(set => set.Deadline, clock.GetUtcNow() + Deadline), cancel);
            db.Publish(activities.Of(person, AuditActions.ReportRetried, run.Report, code, new { accounts = failed.Count }));
        }
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return TypedResults.NoContent();
    }
}
