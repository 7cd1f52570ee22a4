using EnterprisePortal.Gateway.Clients;
using Microsoft.AspNetCore.Antiforgery;

namespace EnterprisePortal.Gateway.Pages;

/// <summary>The buttons of <see cref="SyncPage"/>: <c>account</c> names one, none means all.</summary>
public static class SyncNow
{
    public static void MapSyncNow(this WebApplication app) => app.MapForm("/sync/now", (HttpContext http, SyncClient sync, IAntiforgery antiforgery) =>
        Forms.Send(http, antiforgery, "/sync", form => sync.Now(form["account"] is [{ Length: > 0 } account] ? [account] : [], http.RequestAborted))).WithName(nameof(SyncNow));
}
