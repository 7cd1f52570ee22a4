using EnterprisePortal.OfficePortal.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.OfficePortal.SignIn;

/// <summary>Every address of an account needs a signed-in staff user, unless it is mapped outside this group.</summary>
public static class StaffOnly
{
    public static RouteGroupBuilder MapStaffOnly(this RouteGroupBuilder account) =>
        account.MapGroup("").ExcludeFromDescription()
            .WithMetadata(new EntryGuard((http, visit) => new(visit.Session is null ? ToSignIn(http, visit.Account) : null)));

    static RedirectHttpResult ToSignIn(HttpContext http, Account account) => TypedResults.Redirect($"/{account.Code}/sign-in"
        + (HttpMethods.IsGet(http.Request.Method) ? QueryString.Create("returnUrl", http.Request.Path + http.Request.QueryString)
            : QueryString.Empty));
}
