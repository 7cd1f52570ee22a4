using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.OfficePortal.Home;

public static class ShowHome
{
    public static void Map(RouteGroupBuilder signedIn) => signedIn.MapGet("/", Handle);

    static async Task<IResult> Handle(Account account, Session session, HttpContext http) =>
        session.Rights.Allows(Applications.Office) ? new RazorComponentResult<HomePage>()
            : Applications.Home(account, session.Rights) is var home && home != $"/{account.Code}" ? TypedResults.Redirect(home)
            : await NeededPermissions.Denied(http, Applications.Office);
}
