using System.Globalization;
using EnterprisePortal.Gateway.Clients;
using EnterprisePortal.Gateway.Pages.Parts;
using EnterprisePortal.Gateway.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Gateway.Pages;

/// <summary>What <see cref="SyncPage"/> does besides showing: sync some accounts (<c>account</c>) or all of them (<c>which=all</c>), and
/// follow them.</summary>
public static class SyncNow
{
    public static void MapSyncNow(this WebApplication app)
    {
        app.MapForm("/sync/now", Handle).WithName(nameof(SyncNow));
        app.MapGet("/sync/live", (DateTimeOffset? since, int? of, string? only, string? q, string? sort, string? page,
            HttpContext http, SyncClient sync) =>
            LiveFragment.Of<SyncTable, SyncTable.View>(http, nameof(SyncTable.Of),
                cancel => sync.Watch(cancel).Select(states =>
                    new SyncTable.View(states, since, of, only == "failing", new(q, sort, page))),
                view => !view.IsOpen))
            .RequireAuthorization(Access.SignedIn).RequireRateLimiting(RateLimits.Pages).WithName("WatchSync");
    }

    static Task<Results<RedirectHttpResult, StatusCodeHttpResult, ProblemHttpResult>> Handle(
        HttpContext http, SyncClient sync, IAntiforgery antiforgery)
    {
        var back = "/sync";
        return Forms.Send(http, antiforgery, () => back, async form =>
        {
            string[] accounts = form["which"] == "all" ? [] : [.. form["account"].OfType<string>()];
            if (form["which"] == "ticked" && accounts.Length == 0)
            {
                back += "?nothing=true";
                return new(null, StatusCodes.Status200OK);
            }
            var requested = await sync.Now(accounts, http.RequestAborted);
            if (requested.Value is { } asked)
                back += QueryString.Create("since", asked.RequestedAt.ToString("o", CultureInfo.InvariantCulture))
                    .Add("of", asked.Accounts.Count.ToString(CultureInfo.InvariantCulture));
            return requested;
        });
    }
}
