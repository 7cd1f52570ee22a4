using EnterprisePortal.Gateway.Clients;
using EnterprisePortal.Gateway.Pages.Parts;
using EnterprisePortal.Gateway.Security;
using Microsoft.AspNetCore.Antiforgery;

namespace EnterprisePortal.Gateway.Pages;

/// <summary>
/// What <see cref="PermissionsPage"/> does besides showing: follow a change to the accounts, and "Try now" for one of them.
/// </summary>
public static class PermissionButtons
{
    public static void MapPermissionButtons(this WebApplication app)
    {
        app.MapGet("/permissions/live", (Guid group, string? page, string? accounts, HttpContext http,
            PermissionsClient permissions) =>
            LiveFragment.Of<Deliveries, Deliveries.View>(http, nameof(Deliveries.Of),
                cancel => permissions.Watch(group, cancel)
                    .Select(restrictions => new Deliveries.View(restrictions, page, accounts == "all")),
                view => !Deliveries.AreOpen(view.Restrictions)))
            .RequireAuthorization(Access.Admin).RequireRateLimiting(RateLimits.Pages).WithName("WatchDeliveries");
        app.MapForm("/permissions/{group:guid}/deliver",
            (Guid group, HttpContext http, PermissionsClient permissions, IAntiforgery antiforgery) =>
            Forms.Send(http, antiforgery, $"/permissions?group={group}", form =>
                permissions.TryNow(form["account"].ToString(), http.RequestAborted)), Access.Admin).WithName("DeliverNow");
    }
}
