using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.BackgroundTasks;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Reports;

/// <summary>
/// The list of reports, a report's filters, and Generate: here or, for a person who came via the portal, in all accounts of their reach.
/// </summary>
public static class OpenReport
{
    public static void Map(RouteGroupBuilder staff)
    {
        staff.MapGet("/reports", () => new RazorComponentResult<ReportsPage>());
        foreach (var report in Report.All)
        {
            var path = $"/reports/{report.Code.ToLowerInvariant()}";
            staff.MapGet(path, (Guid? run, Account account, Session session, NpgsqlDataSource db, GenerateEverywhere everywhere,
                AuditWriter audit, TimeProvider clock, CancellationToken cancel) =>
                Show(report, run, account, session, db, everywhere, audit, clock, cancel)).Needs(report.Permission);
            staff.MapPost(path, (IFormCollection form, Account account, Session session, NpgsqlDataSource db, QueueTask queue,
                GenerateEverywhere everywhere, AuditWriter audit, CancellationToken cancel) =>
                Generate(report, form, account, session, db, queue, everywhere, audit, cancel)).Needs(report.Permission);
        }
    }

    /// <param name="run">The request stored before the browser went to the portal for a new token.</param>
    static async Task<IResult> Show(Report report, Guid? run, Account account, Session session, NpgsqlDataSource db,
        GenerateEverywhere everywhere, AuditWriter audit, TimeProvider clock, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        if (run is { } put && await everywhere.Continue(connection, account, session, report, put) is { } asked)
            return await Everywhere(connection, report, asked, account, session, everywhere, audit, cameBack: true, cancel);
        await audit.Write(connection, account, session, "Opened report page", $"{report.Name} ({report.Code})");
        return await Page(connection, account, report, ReportForm.Usual(account, clock), null, null);
    }

    static async Task<IResult> Generate(Report report, IFormCollection form, Account account, Session session, NpgsqlDataSource db,
        QueueTask queue, GenerateEverywhere everywhere,
        AuditWriter audit, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        var (asked, errors) = ReportForm.Read(report, form);
        if (errors.Values.FirstOrDefault() is [var problem, ..])
            return await Page(connection, account, report, asked, problem, null);
        if (form["allAccounts"] != "true" || session.Person is null)
            return TypedResults.Redirect(
                $"/{account.Code}/background-tasks/{await queue.Start(connection, account, session, report, asked)}");
        return await Everywhere(connection, report, asked, account, session, everywhere, audit, cameBack: false, cancel);
    }

    static async Task<IResult> Everywhere(
        NpgsqlConnection connection, Report report, ReportParameters asked, Account account, Session session, GenerateEverywhere everywhere,
        AuditWriter audit, bool cameBack, CancellationToken cancel)
    {
        if (await everywhere.Start(account, session, report, asked, cancel) is not { } answer)
            return cameBack
                ? await Page(connection, account, report, asked,
                    "The portal does not let this account start reports for all accounts. Start it under Generated Reports there.", null)
                : TypedResults.Redirect(await everywhere.AskAgain(connection, account, session, report, asked));
        if (answer.Page is not null)
            await audit.Write(connection, account, session, "Generated report for all accounts", $"{report.Name} ({report.Code})");
        return await Page(connection, account, report, asked, answer.Problem, answer.Page);
    }

    static async Task<IResult> Page(
        NpgsqlConnection connection, Account account, Report report, ReportParameters asked, string? problem, string? run) =>
        new RazorComponentResult<ReportPage>(new
            { Report = report, Asked = asked, Choices = await ReportForm.Choices(connection, account, report), Problem = problem,
                Run = run })
        {
            StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity
        };
}
