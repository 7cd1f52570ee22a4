using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using EnterprisePortal.Gateway.Clients;
using EnterprisePortal.Gateway.Pages.Parts;
using EnterprisePortal.Gateway.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;

namespace EnterprisePortal.Gateway.Pages;

/// <summary>What <see cref="ValidationPage"/> does besides showing: read one account again and follow that, dismiss a group of slips, and
/// take it back.</summary>
public static class ValidationButtons
{
    public static void MapValidationButtons(this WebApplication app)
    {
        app.MapGet("/validation/{kind}/live", ([AsParameters] Words words, HttpContext http, SearchClient search, SyncClient sync) =>
            LiveFragment.Of<NamesOfKind, NamesView>(http, nameof(NamesOfKind.View),
                cancel => Follow(words.Query, search, sync, cancel),
                view => !view.IsOpen))
            .RequireAuthorization(Access.SignedIn).RequireRateLimiting(RateLimits.Pages).WithName("WatchNames");
        app.MapForm("/validation/{kind}/check-again",
            async ([AsParameters] Words words, string account, HttpContext http, SyncClient sync, IAntiforgery antiforgery) =>
        {
            var since = "";
            return await Forms.Send(http, antiforgery, () => (words.Query with { Checking = account, Since = since }).Address, async _ =>
            {
                var asked = await sync.Now([account], http.RequestAborted);
                since = asked.Value?.RequestedAt.ToString("o", CultureInfo.InvariantCulture) ?? "";
                return asked;
            });
        }).WithName("CheckAgain");
        app.MapForm("/validation/{kind}/dismiss",
            ([AsParameters] Words words, string probably, [FromQuery] string[] not, HttpContext http, SearchClient search,
                IAntiforgery antiforgery) =>
            Forms.Send(http, antiforgery, () => (words.Query with { Slip = null }).Address, _ =>
                search.Dismiss(words.Kind, probably, not, http.RequestAborted))).WithName("DismissSlips");
        app.MapForm("/validation/{kind}/undo",
            ([AsParameters] Words words, Guid id, HttpContext http, SearchClient search, IAntiforgery antiforgery) =>
            Forms.Send(http, antiforgery, () => words.Query.Address, _ => search.UndoDismissal(words.Kind, id, http.RequestAborted)))
                .WithName("UndoDismissal");
    }

    public record Words(string Kind, string? Q, string? Name, string? Slip, string? Checking, string? Since)
    {
        public NamesQuery Query => new(Kind, Q, Name, Slip, Checking, Since);
    }

    static async IAsyncEnumerable<NamesView> Follow(
        NamesQuery query, SearchClient search, SyncClient sync, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            var view = await NamesView.Load(query, search, sync, cancel);
            if (view.Names.Value is null)
                throw new HttpRequestException(view.Names.Problem, null, (HttpStatusCode)view.Names.Status);
            yield return view;
            if (!view.IsOpen)
                yield break;
            await Task.Delay(TimeSpan.FromMilliseconds(700), cancel);
        }
    }
}
