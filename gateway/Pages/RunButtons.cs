using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Gateway.Clients;
using EnterprisePortal.Gateway.Pages.Parts;
using EnterprisePortal.Gateway.Security;
using EnterprisePortal.ServiceDefaults;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Gateway.Pages;

/// <summary>What the pages of Generated Reports do besides showing: follow, cancel, retry (<c>account</c> names one, none means all that
/// failed), and the buttons of schedules.</summary>
public static class RunButtons
{
    public static void MapRunButtons(this WebApplication app)
    {
        app.MapGet("/generated-reports/{id:guid}/live", (Guid id, HttpContext http, ReportsClient reports) =>
            LiveFragment.Of<RunProgress, RunItem>(http, nameof(RunProgress.Run),
                cancel => reports.Watch(id, cancel),
                run => !run.IsOpen))
            .RequireAuthorization(Access.SignedIn).RequireRateLimiting(RateLimits.Pages).WithName("WatchRun");
        app.MapGet("/generated-reports/live", ([AsParameters] RunTable.Asked asked, HttpContext http, ReportsClient reports) =>
            LiveFragment.Of<RunTable, RunTable.Listed>(http, nameof(RunTable.List),
                cancel => reports.WatchRuns(asked.Filter, asked.Sort, Pager.Read(asked.Page), cancel)
                    .Select(async (CountedPage<RunItem> runs, CancellationToken stop) =>
                        new RunTable.Listed(runs, asked, await reports.Totals(runs.Items, stop))),
                list => !list.IsOpen))
            .RequireAuthorization(Access.SignedIn).RequireRateLimiting(RateLimits.Pages).WithName("WatchRuns");
        app.MapGet("/generated-reports/{id:guid}/figures", (Guid id) =>
            new RazorComponentResult<RunFiguresPart>(new { Id = id, Waits = true }))
            .RequireAuthorization(Access.SignedIn).RequireRateLimiting(RateLimits.Pages).WithName("RunFigures");
        Map("{id:guid}/cancel", "CancelRun", (id, _, reports, cancel) => reports.Cancel(id, cancel), id => $"/generated-reports/{id}");
        Map("{id:guid}/retry", "RetryRun", (id, form, reports, cancel) =>
            reports.Retry(id, form["account"] is [{ Length: > 0 } account] ? account : null, cancel), id => $"/generated-reports/{id}");
        Map("schedules/{id:guid}/pause", "PauseSchedule", (id, _, reports, cancel) => reports.Pause(id, true, cancel), _ =>
            Schedules("paused"));
        Map("schedules/{id:guid}/resume", "ResumeSchedule", (id, _, reports, cancel) => reports.Pause(id, false, cancel), _ =>
            Schedules("resumed"));
        Map("schedules/{id:guid}/run", "RunScheduleNow", (id, _, reports, cancel) => reports.RunNow(id, cancel), _ => Schedules("started"));
        Map("schedules/{id:guid}/delete", "DeleteSchedule", (id, _, reports, cancel) => reports.Delete(id, cancel), _ =>
            Schedules("deleted"));

        void Map<T>(string path, string name, Func<Guid, IFormCollection, ReportsClient, CancellationToken, Task<Answer<T>>> send,
            Func<Guid, string> back) where T : class =>
            app.MapForm($"/generated-reports/{path}", (Guid id, HttpContext http, ReportsClient reports, IAntiforgery antiforgery) =>
                Forms.Send(http, antiforgery, back(id), form => send(id, form, reports, http.RequestAborted))).WithName(name);
    }

    static string Schedules(string done) => $"/generated-reports/schedules?done={done}";
}
