using EnterprisePortal.OfficePortal.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.OfficePortal.SignIn;

/// <summary>Sign out or, for a person who came via the portal, Leave, back to the portal.</summary>
public static class SignOut
{
    public static void Map(RouteGroupBuilder staff) => staff.MapPost("/sign-out", Handle);

    // The form is bound only for its anti-forgery token.
    static async Task<RedirectHttpResult> Handle(
        Account account, Session session, IFormCollection form, HttpContext http, Sessions sessions)
    {
        await sessions.End(http, account, session);
        return TypedResults.Redirect(session.Person is not null && account.Issuer is { } portal ? portal : $"/{account.Code}/sign-in");
    }
}
