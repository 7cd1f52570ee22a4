using System.Security.Claims;
using EnterprisePortal.Contracts;
using Microsoft.AspNetCore.Http;

namespace EnterprisePortal.ServiceDefaults.SignIn;

/// <summary>A person who runs the portal, as stated by Identity's access token; never a portal user at the same time.</summary>
public sealed record Operator(Guid Id, string Name, string Email, string Session)
{
    public static Operator? From(ClaimsPrincipal principal) =>
        principal.FindFirstValue("level") == OperatorRole.Level && Guid.TryParse(principal.FindFirstValue("sub"), out var id)
            ? new(id, principal.FindFirstValue("name") ?? "", principal.FindFirstValue("email") ?? "",
                principal.FindFirstValue("sid") ?? "")
            : null;

    public static ValueTask<Operator> BindAsync(HttpContext http) =>
        new(From(http.User) ?? throw new BadHttpRequestException("This address is for operators.", StatusCodes.Status403Forbidden));
}
