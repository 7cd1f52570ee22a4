using System.Diagnostics;
using System.Net.Mime;
using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.Reports;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.BackgroundTasks;

/// <summary>
/// One report: in progress, as a page, as CSV or workbook. To open it, a person who sees the task still needs the report's own permission.
/// </summary>
public static class ShowTask
{
    const int PageSize = 250;
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2), PollInterval = TimeSpan.FromMilliseconds(100);
    const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    public static void Map(RouteGroupBuilder staff)
    {
        var task = staff.MapGroup("/background-tasks/{id:guid}");
        task.MapGet("", Show).Needs("background-tasks.view");
        task.MapGet("/report.csv", (Guid id, HttpContext http, Account account, Session session, NpgsqlDataSource db, AuditWriter audit,
            TaskFile file, CancellationToken cancel) =>
            Download(id, http, account, session, db, audit, "csv", $"{MediaTypeNames.Text.Csv}; charset=utf-8", (about, body) =>
                file.WriteCsv(account, id, about, body, cancel))).Needs("background-tasks.view");
        task.MapGet("/report.xlsx", (Guid id, HttpContext http, Account account, Session session, NpgsqlDataSource db, AuditWriter audit,
            TaskFile file, CancellationToken cancel) =>
            Download(id, http, account, session, db, audit, "xlsx", Xlsx, (about, body) =>
                file.WriteWorkbook(account, id, about, body, cancel))).Needs("background-tasks.view");
    }

    static async Task<IResult> Show(
        Guid id,
        int? page,
        HttpContext http,
        Account account,
        Session session,
        NpgsqlDataSource db,
        AuditWriter audit,
        TaskFile file,
        CancellationToken cancel)
    {
        if (await WaitForEnd(id, account, session, db, cancel) is not { } task)
            return TypedResults.NotFound();
        var report = Report.Find(task.Report)!;
        if (!Permissions.Allows(session, report.Permission))
            return await NeededPermissions.Denied(http, report.Permission);
        var about = About(task);
        var pages = about is null ? 1 : Math.Max(1, (about.Rows + PageSize - 1) / PageSize);
        var shown = Math.Clamp(page ?? 1, 1, pages);
        await using var connection = await db.OpenConnectionAsync(cancel);
        await audit.Write(connection, account, session, "Viewed report", about is null ? $"{report.Code}, {task.State}" : NameOf(about));
        return new RazorComponentResult<TaskPage>(new
        {
            Task = task, Report = report, About = about, Page = shown, Pages = pages,
            Rows = about is null ? [] : await file.Rows(account, id, (shown - 1) * PageSize, PageSize, cancel)
        });
    }

    /// <summary>
    /// Most reports take no longer than a moment, so the request waits for it; for slower ones the page offers to check again. It does not
    /// reload by itself: not everybody can read a page that disappears while they read it (WCAG 2.2.2), and each view is logged.
    /// </summary>
    static async Task<TaskRow?> WaitForEnd(Guid id, Account account, Session session, NpgsqlDataSource db, CancellationToken cancel)
    {
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(PollInterval, cancel))
        {
            await using var connection = await db.OpenConnectionAsync(cancel);
            var task = await VisibleTasks.Find(connection, account, session, id);
            if (task is not { IsOpen: true } || Stopwatch.GetElapsedTime(began) > Deadline)
                return task;
        }
    }

    static async Task<IResult> Download(
        Guid id,
        HttpContext http,
        Account account,
        Session session,
        NpgsqlDataSource db,
        AuditWriter audit,
        string extension,
        string type,
        Func<ReportFile, Stream, Task> write)
    {
        await using var connection = await db.OpenConnectionAsync();
        if (await VisibleTasks.Find(connection, account, session, id) is not { } task || About(task) is not { } about)
            return TypedResults.NotFound();
        if (Report.Find(task.Report)!.Permission is var needed && !Permissions.Allows(session, needed))
            return await NeededPermissions.Denied(http, needed);
        await audit.Write(connection, account, session, "Downloaded report", $"{NameOf(about)}.{extension}");
        return TypedResults.Stream(body => write(about, body), type, $"{NameOf(about)}.{extension}");
    }

    static ReportFile? About(TaskRow task) =>
        task is { State: "ready", About: { } about } ? JsonSerializer.Deserialize<ReportFile>(about, JsonSerializerOptions.Web) : null;

    internal static string NameOf(ReportFile about) => Path.GetFileNameWithoutExtension(about.Name);
}
