namespace EnterprisePortal.Contracts.AccountApi;

/// <summary>
/// Every permission a staff user can have in an account. Part of the Account API: an account system maps its own permissions to these ids
/// and enforces restrictions by them.
/// </summary>
public static class PermissionCatalogue
{
    public static IReadOnlyList<PermissionSection> Sections { get; } =
    [
        new("Application Access",
        [
            new("access.office-portal", "Office Portal", "Sign in to the Office Portal."),
            new("access.staff-portal", "Staff Portal", "Sign in to the Staff Portal with the classes of the day."),
            new("access.check-in-kiosk", "Check-In Kiosk", "Open the kiosk where families check in."),
            new("access.time-clock", "Time Clock", "Clock in and out."),
            new("access.mobile-app", "Mobile App", "Sign in to the mobile app for staff.")
        ]),
        new("Families",
        [
            new("families.view", "View families", "Search families and open them."),
            new("families.edit", "Edit families", "Create families and change guardians, e-mails and phones."),
            new("families.erase", "Erase families", "Remove a family and its personal data for good.")
        ]),
        new("Students",
        [
            new("students.view", "View students", "See a family's students and their enrollments."),
            new("students.enroll", "Enrol students", "Enrol a student in a class."),
            new("students.drop", "Drop students", "End an enrollment with a drop date and reason.")
        ]),
        new("Classes",
        [
            new("classes.view", "View classes", "See classes with their times, instructors and rolls."),
            new("classes.attendance", "Take attendance", "Mark who was there.")
        ]),
        new("Staff",
        [
            new("staff.view", "View staff", "See staff users and their permissions."),
            new("staff.edit", "Edit staff", "Change a staff user's status, user groups and permissions.")
        ]),
        new("Ledger",
        [
            new("ledger.view", "View ledger", "See a family's charges and payments."),
            new("ledger.charge", "Add charges", "Add a charge to a family's ledger."),
            new("ledger.pay", "Take payments", "Record a payment."),
            new("ledger.refund", "Refund payments", "Refund or void a payment."),
            new("ledger.delete-charges", "Delete charges", "Delete a charge."),
            new("ledger.delete-payments", "Delete payments", "Delete a payment.")
        ]),
        new("Reports",
        [
            .. from report in ReportCatalogue.All
               select new Permission(report.Permission, $"{report.Name} ({report.Code})", "Open and generate this report.")
        ]),
        new("Communications",
            [new("communications.contact-list", "Contact list", "See and export the list of families' e-mail addresses.")]),
        new("Point of Sale", [new("pos.sell", "Sell items", "Sell an item and add it to a family's ledger.")]),
        new("Policies", [new("policies.view", "View policies", "Read the policies families have agreed to.")]),
        new("Settings",
        [
            new("settings.levels", "Levels", "Change the names of levels."),
            new("settings.programs", "Programs", "Change the names of programs."),
            new("settings.charge-categories", "Charge categories", "Change the names of charge categories.")
        ]),
        new("Audit Log", [new("audit-log.view", "View the Audit Log", "Read the account's Audit Log.")]),
        new("Background Tasks", [new("background-tasks.view", "View Background Tasks", "Open generated reports.")])
    ];

    /// <summary>Nobody may be locked out of an account: the portal never removes these.</summary>
    public const string ApplicationAccess = "Application Access";

    public static IReadOnlyDictionary<string, Permission> ById { get; } =
        Sections.SelectMany(section => section.Permissions).ToDictionary(permission => permission.Id);

    public static bool IsRemovable(string id) => ById.ContainsKey(id) && !id.StartsWith("access.", StringComparison.Ordinal);
}

public record PermissionSection(string Name, IReadOnlyList<Permission> Permissions);

/// <param name="Id">Stable: <c>reports.fin-2</c>.</param>
/// <param name="Allows">What the permission allows, in a sentence.</param>
public record Permission(string Id, string Name, string Allows);
