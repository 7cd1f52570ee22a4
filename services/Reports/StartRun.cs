using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Reports;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Reports;

/// <summary>One transaction: the run, its accounts, and one message per account. Also called from a report page inside an account.</summary>
public static class StartRun
{
    public record Body(string Report, ReportParameters? Parameters);

    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(30);

    public static void Map(RouteGroupBuilder runs) => runs.MapPost("", Handle).WithName(nameof(StartRun));

    static async Task<Results<Accepted<RunItem>, ValidationProblem, ProblemHttpResult>> Handle(Body body, ReportsDb db, DirectoryReplica directory,
        ActivityRecorder activities, Person person, TimeProvider clock, CancellationToken cancel)
    {
        var parameters = body.Parameters ?? new();
        if (ReportCatalogue.Find(body.Report) is not { } report)
            return Refusal.Invalid("report", $"There is no such report for all accounts. Choose one of {string.Join(", ", ReportCatalogue.All.Select(known => known.Code))}.");
        if (report.Code != "FIN-1" && (parameters.From is null || parameters.To is null))
            return Refusal.Invalid(parameters.From is null ? "from" : "to", "Give the first and the last date.");
        if (parameters.From > parameters.To)
            return Refusal.Invalid("to", "The last date lies before the first.");
        var reach = directory.ReachOf(person);
        var accounts = reach.Accounts.Values.Where(account => account.Status == AccountState.Active).ToList();
        if (accounts.Count == 0)
            return Refusal.Of("no-accounts", "There is no active account in your reach to run this report for.");

        var now = clock.GetUtcNow();
        var run = new ReportRun
        {
            Report = report.Code, Parameters = JsonSerializer.Serialize(parameters, JsonSerializerOptions.Web),
            ById = person.Id, ByName = person.Name, ByLevel = person.Level, GroupId = person.GroupId, CreatedAt = now, Deadline = now + Deadline
        };
        db.Add(run);
        foreach (var account in accounts)
        {
            run.Accounts.Add(new() { Account = account.Code, ChangedAt = now });
            db.Publish(new GenerateAccountReport(run.Id, account.Code));
        }
        db.Publish(activities.Of(person, "report.started", $"{report.Name} ({report.Code})", details: new { parameters, accounts = accounts.Count }));
        await db.SaveChangesAsync(cancel);
        return TypedResults.Accepted($"/api/reports/runs/{run.Id}", RunItem.Of(run, reach));
    }
}
