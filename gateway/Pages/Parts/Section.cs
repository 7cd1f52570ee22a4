using EnterprisePortal.ServiceDefaults.SignIn;

namespace EnterprisePortal.Gateway.Pages.Parts;

/// <summary>The pages that the rail and the palette lead to, as far as a person's level permits.</summary>
sealed record Section(string Address, string Name, string Icon)
{
    static readonly (string Group, Section[] Sections)[] ForAll =
    [
        ("Work",
        [
            new("/", "Home", "home"), new("/accounts", "Accounts", "account"), new("/family-search", "Family Search", "search"),
            new("/generated-reports", "Generated Reports", "report"), new("/generated-reports/schedules", "Schedules", "schedule")
        ]),
        ("Oversight",
        [
            new("/trends", "Trends", "trend"), new("/validation", "Validation", "check"), new("/sync", "Sync", "sync"),
            new("/audit-log", "Audit Log", "log")
        ]),
        ("Administration", [new("/help/telephony", "Telephony", "phone")])
    ];

    static readonly Section[] ForAdmins =
        [new("/users", "Users", "people"), new("/groups", "Groups", "tree"), new("/permissions", "Permissions", "shield")];

    static readonly Section[] ForRootAdmins = [new("/onboarding", "Onboarding", "plug"), new("/brand", "Brand", "mark")];

    public static readonly (string Group, Section[] Sections) ForOperators =
        ("Operate", [new("/operate", "State", "trend"), new("/operate/parked", "Parked messages", "warning")]);

    public static IEnumerable<(string Group, Section[] Sections)> Of(Person person, bool isRootAdmin) =>
        ForAll.Select(group => group.Group != "Administration" ? group : (group.Group,
            [.. person.IsAdmin ? ForAdmins : [], .. isRootAdmin ? ForRootAdmins : [], .. group.Sections]));

    /// <summary>The one that a path belongs to: <c>/generated-reports/schedules</c> is not of <c>/generated-reports</c>.</summary>
    public static Section? At(IEnumerable<Section> sections, PathString path) =>
        sections.Where(section => section.Address == "/" ? path == "/" : path.StartsWithSegments(section.Address))
            .MaxBy(section => section.Address.Length);
}
