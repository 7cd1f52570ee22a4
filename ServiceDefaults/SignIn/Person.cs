using System.Security.Claims;
using EnterprisePortal.Contracts.Http;
using Microsoft.AspNetCore.Http;

namespace EnterprisePortal.ServiceDefaults.SignIn;

/// <summary>
/// The portal user behind a request, as stated by Identity's access token. A handler's parameter of this type binds by itself; the default
/// policy has made sure that there is one.
/// </summary>
/// <param name="Level"><c>admin</c> or <c>user</c>.</param>
/// <param name="Session">The <c>sid</c>: one sign-in on one device.</param>
/// <param name="StaffEmail">A User's own staff e-mail; null: the group's.</param>
public sealed record Person(Guid Id, string Name, string Email, string Level, Guid GroupId, string Session, string? StaffEmail = null)
{
    public const string Admin = UserLevel.Admin, User = UserLevel.User;

    public bool IsAdmin => Level == Admin;

    public static Person? From(ClaimsPrincipal principal) =>
        Guid.TryParse(principal.FindFirstValue("sub"), out var id) && Guid.TryParse(principal.FindFirstValue("group"), out var group)
            && principal.FindFirstValue("level") is Admin or User
            ? new(id, principal.FindFirstValue("name") ?? "", principal.FindFirstValue("email") ?? "", principal.FindFirstValue("level")!,
                group, principal.FindFirstValue("sid") ?? "", principal.FindFirstValue("staff_email"))
            : null;

    public static ValueTask<Person> BindAsync(HttpContext http) =>
        new(From(http.User) ?? throw new BadHttpRequestException("This address is for portal users.", StatusCodes.Status403Forbidden));
}
