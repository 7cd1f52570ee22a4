using EnterprisePortal.OfficePortal.Accounts;

namespace EnterprisePortal.OfficePortal.SignIn;

/// <summary>
/// A staff user signed in to one account. A handler's parameter of this type binds by itself; <see cref="StaffOnly"/> has made sure that
/// there is one.
/// </summary>
/// <param name="Staff">E-mail of the staff user.</param>
/// <param name="Rights">What this session may do, read again at every request.</param>
/// <param name="Person">The real person if they came via the Enterprise Portal; null for direct staff.</param>
public sealed record Session(Guid Id, string Staff, string StaffName, Rights Rights, PortalPerson? Person)
{
    /// <summary>The name in the account's Audit Log: always the real person's.</summary>
    public string Member => Person?.Name ?? StaffName;

    public static ValueTask<Session> BindAsync(HttpContext http) => new(Visit.Of(http).Session
        ?? throw new BadHttpRequestException("This address is for staff who have signed in.", StatusCodes.Status401Unauthorized));
}

/// <param name="Level"><c>admin</c> or <c>user</c>.</param>
/// <param name="PortalSession">The <c>sid</c> of their portal session; back-channel logout names it.</param>
/// <param name="Enterprise">The name that their enterprise has chosen to show; null: none.</param>
public sealed record PortalPerson(
    Guid Id, string Name, string Email, string Level, Guid GroupId, string PortalSession, string? Enterprise = null);
