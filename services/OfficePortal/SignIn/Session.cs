using EnterprisePortal.OfficePortal.Accounts;

namespace EnterprisePortal.OfficePortal.SignIn;

/// <summary>A staff user signed in to one account. Declared as a handler's parameter it binds by itself; <see cref="StaffOnly"/> has made sure of it.</summary>
/// <param name="Staff">E-mail of the staff user, whose local permissions count.</param>
/// <param name="Person">The real person where they came via the Enterprise Portal; null for direct staff.</param>
public sealed record Session(Guid Id, string Staff, string StaffName, bool FullPermissions, IReadOnlySet<string> Granted, PortalPerson? Person)
{
    /// <summary>As the account's Audit Log names them: always the real person.</summary>
    public string Member => Person?.Name ?? StaffName;

    public static ValueTask<Session> BindAsync(HttpContext http) => new(Visit.Of(http).Session
        ?? throw new BadHttpRequestException("This address is for staff who have signed in.", StatusCodes.Status401Unauthorized));
}

/// <param name="Level"><c>admin</c> or <c>user</c>.</param>
/// <param name="PortalSession">The <c>sid</c> of their portal session; back-channel logout names it.</param>
public sealed record PortalPerson(Guid Id, string Name, string Email, string Level, Guid GroupId, string PortalSession);

/// <summary>Local permissions, checked here and nowhere else.</summary>
public static class Permissions
{
    /// <param name="permission">Of <c>PermissionCatalogue</c>: <c>families.view</c>.</param>
    public static bool Allows(Session session, string permission) => session.FullPermissions || session.Granted.Contains(permission);
}
