using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Reports.Runs;

/// <summary>One transaction: the run, its accounts, and one message per account. Also called from a report page inside an
/// account.</summary>
public static class StartRun
{
    public static void Map(RouteGroupBuilder runs) =>
        runs.MapPost("", Handle).RequireAuthorization(Policies.RunsStart).WithName(nameof(StartRun));

    static async Task<Results<Accepted<RunItem>, ValidationProblem, ProblemHttpResult>> Handle(
        RunRequest body,
        ReportsDb db,
        DirectoryReplica directory,
        ActivityRecorder activities,
        Person person,
        TimeProvider clock,
        CancellationToken cancel)
    {
        var (report, parameters, errors) = NewRun.Read(body.Report, body.Parameters);
        if (report is null || errors.Count > 0)
            return TypedResults.ValidationProblem(errors);
        var reach = directory.ReachOf(person);
        if (NewRun.AccountsOf(reach, body.Group) is not { } accounts)
            return Refusal.Invalid("group", "Choose your group or one below it.");
        if (accounts.Count == 0)
            return Refusal.Of("no-accounts", "There is no active account in your reach to run this report for.");
        var run = NewRun.Add(db, person, accounts, report.Code, parameters, clock.GetUtcNow());
        db.Publish(activities.Of(person, AuditActions.ReportStarted, $"{report.Name} ({report.Code})",
            details: new { parameters, accounts = run.Accounts.Count }));
        await db.SaveChangesAsync(cancel);
        return TypedResults.Accepted($"/api/reports/runs/{run.Id}", RunItem.Of(run, reach));
    }
}
