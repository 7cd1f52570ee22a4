using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.Layout;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.OfficePortal.SignIn;

/// <summary>Everything of an account needs a signed-in staff user unless it is mapped beside this group.</summary>
public static class StaffOnly
{
    public static RouteGroupBuilder MapStaffOnly(this RouteGroupBuilder account) =>
        account.MapGroup("").WithMetadata(new Door((http, visit) => new(visit.Session is null ? ToSignIn(http, visit.Account) : null))).ExcludeFromDescription();

    static RedirectHttpResult ToSignIn(HttpContext http, Account account) => TypedResults.Redirect($"/{account.Code}/sign-in"
        + (HttpMethods.IsGet(http.Request.Method) ? QueryString.Create("returnUrl", http.Request.Path + http.Request.QueryString) : QueryString.Empty));

    /// <summary>The denied page says which permission is missing, in the words of the permission screen.</summary>
    public static RouteHandlerBuilder Needs(this RouteHandlerBuilder route, string permission) =>
        route.AddEndpointFilter(async (context, next) =>
            Permissions.Allows(Visit.Of(context.HttpContext).Session!, permission)
                ? await next(context)
                : Denied(permission));

    static RazorComponentResult Denied(string permission)
    {
        var missing = Contracts.AccountApi.PermissionCatalogue.ById[permission];
        return ProblemPage.Of(StatusCodes.Status403Forbidden, "You may not open this page",
            $"It needs the permission \"{missing.Name}\" ({missing.Id}). The account's owner can grant it under Staff.");
    }
}
