using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Reports;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Reports.Runs;

/// <summary>Accounts that are not ready end as canceled; ready ones stay. Idempotent: a run is canceled or it is not.</summary>
public static class CancelRun
{
    public static void Map(RouteGroupBuilder runs) => runs.MapPost("/{id:guid}/cancel", Handle).WithName(nameof(CancelRun));

    static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(Guid id, ReportsDb db, DirectoryReplica directory,
        ActivityRecorder activities, Person person, TimeProvider clock, CancellationToken cancel)
    {
        var reach = directory.ReachOf(person);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.Find(id, person, reach, cancel) is not { } run)
            return TypedResults.NotFound();
        if (run.ById != person.Id && !person.IsAdmin)
            return Refusal.Of("not-yours", $"{run.ByName} started this run: they or an Admin can cancel it.",
                StatusCodes.Status403Forbidden);
        if (await db.Runs.Where(row => row.Id == id && row.FinishedAt == null && row.CancelledAt == null)
            .ExecuteUpdateAsync(row => row.SetProperty(set => set.CancelledAt, clock.GetUtcNow()), cancel) == 1)
        {
            // Wakes rescheduled accounts; accounts in progress notice at their next step.
            foreach (var account in await db.RunAccounts.AsNoTracking().Where(row => row.RunId == id && RunAccount.Open.Contains(row.State))
                .Select(row => row.Account).ToListAsync(cancel))
                db.Publish(new GenerateAccountReport(id, account));
            db.Publish(activities.Of(person, AuditActions.ReportCancelled, run.Report));
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        return TypedResults.NoContent();
    }
}
