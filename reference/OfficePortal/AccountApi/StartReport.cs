using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.BackgroundTasks;
using EnterprisePortal.OfficePortal.Entry;
using EnterprisePortal.OfficePortal.Reports;
using EnterprisePortal.OfficePortal.SignIn;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.AccountApi;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.AccountApi;

/// <summary>
/// <c>POST reports</c>: a report for a portal user, as their login-as staff user, and only if that staff user may open it. Once per run.
/// </summary>
public static class StartReport
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/reports", Handle).WithName(nameof(StartReport)).OpensWith(AccountScopes.Reports);

    static async Task<Results<Accepted<ReportTask>, ValidationProblem, ProblemHttpResult>> Handle(
        ReportRequest body, Account account, Office office, QueueTask queue,
        NpgsqlDataSource db, HttpRequest request, TimeProvider clock, CancellationToken cancel)
    {
        if (body is not { Report: not null, Parameters: not null, Requester: { Name: not null, Level: not null, StaffEmail: not null } })
            return Refusal.Invalid("requester", "Name the report, its parameters and who asks for it.");
        if (Report.Find(body.Report) is not { } report)
            return Refusal.Invalid("report", "This account has no such report.");
        var (asked, errors) = report.Described.Read(body.Parameters);
        if (errors.Count > 0)
            return TypedResults.ValidationProblem(errors);
        var (requester, email) = (body.Requester, body.Requester.StaffEmail.ToLowerInvariant());
        var staff = await FinishEntry.Staff(db, account, email, clock, cancel);
        if (EntryProblem.Of(staff, requester.Level == "admin") is { } closed)
            return NotPermitted(EntryProblem.InWords(closed, email));

        Guid task;
        await using (var connection = await db.OpenConnectionAsync(cancel))
        {
            var rights = await Rights.Find(connection, account, email, requester.Level, account.Today(clock)) ?? Rights.None;
            if (!rights.Allows(report.Permission))
                return NotPermitted($"The staff user {email} may not open {report.Name} ({report.Code}).");
            var asker = new Session(Guid.Empty, email, staff!.Name, rights,
                new(requester.PersonId, requester.Name, "", requester.Level, requester.GroupId, ""));
            task = await queue.Start(connection, account, asker, report, asked, body.RunId, requester.GroupsAbove);
        }
        return TypedResults.Accepted($"{office.BaseUrl(account)}/api/enterprise/v1/background-tasks/{task}",
            (await ReadTask.Hold(db, account, task, request, clock, cancel))!);
    }

    static ProblemHttpResult NotPermitted(string words) =>
        TypedResults.Problem(words, type: "urn:account:not-permitted", statusCode: StatusCodes.Status422UnprocessableEntity);
}
