namespace EnterprisePortal.Contracts.AccountApi;

/// <summary>Answer of <c>GET {base}/api/enterprise/v1/staff/{email}</c>; 404 if no such staff user exists.</summary>
/// <param name="LockedOut">The account itself has locked out this staff user, for everybody. Failed passwords cause no such lock.</param>
/// <param name="FullPermissions">Required of a group's Admin Email.</param>
/// <param name="PortalEntry">The account's owner allows the portal to enter as this staff user.</param>
public record StaffUser(string Email, string Name, bool Active, bool LockedOut, bool FullPermissions, bool PortalEntry);

/// <summary>Why a person cannot enter an account, as a word of JSON answers and of the database.</summary>
public static class EntryProblem
{
    public const string
        Missing = "missing",
        Inactive = "inactive",
        LockedOut = "locked-out",
        NotAllowed = "not-allowed",
        NotAdmin = "not-admin",
        NoLoginAs = "no-login-as",
        Unreachable = "unreachable",
        Suspended = "suspended",
        Onboarding = "onboarding";

    /// <param name="staff">null if the account answered 404.</param>
    /// <param name="asAdmin">Entry with admin-level permissions, as a group's Admin Email.</param>
    public static string? Of(StaffUser? staff, bool asAdmin) => staff switch
    {
        null => Missing,
        { Active: false } => Inactive,
        { LockedOut: true } => LockedOut,
        { PortalEntry: false } => NotAllowed,
        { FullPermissions: false } when asAdmin => NotAdmin,
        _ => null
    };
}
