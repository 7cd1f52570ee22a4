using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Reports.Runs;

/// <summary>One transaction: the run, its accounts, and one message per account. Also called from a report page inside an account.</summary>
public static class StartRun
{
    /// <param name="Parameters">Filters of the report by name (<see cref="ReportCatalogue"/>); 400 with the name of each that means nothing
    /// to it.</param>
    /// <param name="Group">One below one's own, for its accounts only; left out: all accounts in reach.</param>
    public record Body(string Report, IReadOnlyDictionary<string, JsonElement>? Parameters, Guid? Group = null);

    public static void Map(RouteGroupBuilder runs) => runs.MapPost("", Handle).RequireAuthorization(Policies.RunsStart).WithName(nameof(StartRun));

    static async Task<Results<Accepted<RunItem>, ValidationProblem, ProblemHttpResult>> Handle(Body body, ReportsDb db, DirectoryReplica directory,
        ActivityRecorder activities, Person person, TimeProvider clock, CancellationToken cancel)
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
        db.Publish(activities.Of(person, "report.started", $"{report.Name} ({report.Code})", details: new { parameters, accounts = run.Accounts.Count }));
        await db.SaveChangesAsync(cancel);
        return TypedResults.Accepted($"/api/reports/runs/{run.Id}", RunItem.Of(run, reach));
    }
}
