using EnterprisePortal.Gateway.Clients;
using EnterprisePortal.Gateway.Pages.Parts;
using EnterprisePortal.Gateway.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Gateway.Pages;

/// <summary>The picture above the Audit Log alone, for a page that did not wait for it.</summary>
public static class LogDays
{
    public static void MapLogDays(this WebApplication app) =>
        app.MapGet("/audit-log/days", ([AsParameters] AuditClient.Filter filter) =>
            new RazorComponentResult<ActivityDays>(new { Filter = filter, Waits = true }))
            .RequireAuthorization(Access.SignedIn).RequireRateLimiting(RateLimits.Pages).WithName(nameof(LogDays));
}
