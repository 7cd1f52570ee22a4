using EnterprisePortal.Gateway.Clients;
using EnterprisePortal.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Antiforgery;

namespace EnterprisePortal.Gateway.Pages;

/// <summary>The stars of <see cref="AccountsPage"/>: <c>star</c> or <c>unstar</c> names the account, <c>back</c> the page with its
/// filters.</summary>
public static class AccountButtons
{
    public static void MapAccountButtons(this WebApplication app) =>
        app.MapForm("/accounts/star", (HttpContext http, AccountsClient accounts, IAntiforgery antiforgery) =>
    {
        var back = "/accounts";
        return Forms.Send(http, antiforgery, () => back, form =>
        {
            back = LocalAddress.Read(form["back"]) ?? back;
            return form["star"] is [{ Length: > 0 } star] ? accounts.Star(star, true, http.RequestAborted)
                : accounts.Star(form["unstar"].ToString(), false, http.RequestAborted);
        });
    }).WithName(nameof(AccountButtons));
}
