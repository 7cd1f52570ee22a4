using EnterprisePortal.Gateway.Clients;
using EnterprisePortal.Gateway.Pages.Parts;
using EnterprisePortal.Gateway.Security;
using Microsoft.AspNetCore.Antiforgery;

namespace EnterprisePortal.Gateway.Pages;

/// <summary>What <see cref="RunPage"/> does besides showing: follow the run, cancel it, retry (<c>account</c> names one, none means all that failed).</summary>
public static class RunButtons
{
    public static void MapRunButtons(this WebApplication app)
    {
        app.MapGet("/generated-reports/{id:guid}/live", (Guid id, HttpContext http, ReportsClient reports) =>
            Live.Fragment<RunProgress, ReportsClient.Run>(http, nameof(RunProgress.Run), cancel => reports.Watch(id, cancel), run => !run.IsOpen))
            .RequireAuthorization(Access.SignedIn).RequireRateLimiting(RateLimits.Pages).WithName("WatchRun");
        app.MapForm("/generated-reports/{id:guid}/cancel", (Guid id, HttpContext http, ReportsClient reports, IAntiforgery antiforgery) =>
            Forms.Send(http, antiforgery, $"/generated-reports/{id}", _ => reports.Cancel(id, http.RequestAborted))).WithName("CancelRun");
        app.MapForm("/generated-reports/{id:guid}/retry", (Guid id, HttpContext http, ReportsClient reports, IAntiforgery antiforgery) =>
            Forms.Send(http, antiforgery, $"/generated-reports/{id}", form => reports.Retry(id, form["account"] is [{ Length: > 0 } account] ? account : null, http.RequestAborted))).WithName("RetryRun");
    }
}
