namespace EnterprisePortal.Contracts.AccountApi;

/// <summary>Answer of <c>GET {base}/api/enterprise/v1/staff/{email}</c>; 404 where no such staff user exists.</summary>
/// <param name="LockedOut">The account itself has locked this staff user for everybody. Wrong passwords are no such lock.</param>
/// <param name="FullPermissions">Required of a group's Admin Email.</param>
/// <param name="PortalEntry">The account's owner allows the portal to enter as this staff user.</param>
public record StaffUser(string Email, string Name, bool Active, bool LockedOut, bool FullPermissions, bool PortalEntry);

/// <summary>Why a person cannot enter an account; the words a page shows for them are <c>EntryProblems.InWords</c>'s.</summary>
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

    /// <param name="staff">null where the account answered 404.</param>
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

    /// <summary>What is wrong and what to do, for staff.</summary>
    public static string InWords(string problem, string? staffEmail) => problem switch
    {
        Missing => $"There is no staff user {staffEmail} in this account. Ask the account's owner to create it.",
        Inactive => $"The staff user {staffEmail} is inactive in this account. Ask the account's owner to activate it.",
        LockedOut => $"The staff user {staffEmail} is locked out in this account. Ask the account's owner to unlock it.",
        NotAllowed => $"The account's owner has not allowed the portal to enter as {staffEmail}. They can allow it under Settings, Enterprise Portal.",
        NotAdmin => $"The staff user {staffEmail} lacks full permissions in this account. Ask the account's owner to grant them.",
        NoLoginAs => "Your group has no login-as staff user. Ask an Admin to set it under Groups.",
        Suspended => "This account is suspended in the portal. An Admin can reinstate it.",
        Onboarding => "This account is still being connected to the portal.",
        _ => "The account did not answer. Try again in a moment."
    };
}
