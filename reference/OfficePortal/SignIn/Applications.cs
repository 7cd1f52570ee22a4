using EnterprisePortal.OfficePortal.Accounts;

namespace EnterprisePortal.OfficePortal.SignIn;

/// <summary>The two applications of an account share sign-in and session; each has a permission of its own to enter.</summary>
public static class Applications
{
    public const string Office = "access.office-portal", StaffPortal = "access.staff-portal";

    public static RouteGroupBuilder MapOfficePortal(this RouteGroupBuilder signedIn) => signedIn.MapGroup("").Needs(Office);

    public static RouteGroupBuilder MapStaffPortal(this RouteGroupBuilder signedIn) =>
        signedIn.MapGroup("/staff-portal").Needs(StaffPortal);

    /// <summary>Staff who may use only the Staff Portal arrive there.</summary>
    public static string Home(Account account, Rights rights) =>
        !rights.Allows(Office) && rights.Allows(StaffPortal) ? $"/{account.Code}/staff-portal" : $"/{account.Code}";
}
