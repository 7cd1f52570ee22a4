using EnterprisePortal.Contracts;

namespace EnterprisePortal.Gateway;

/// <summary>
/// What a person misses while a part of the portal is down, and that the rest works: nobody should have to try everything.
/// </summary>
public static class PartsOfThePortal
{
    static readonly Dictionary<string, (string Name, string Missing)> ByService = new()
    {
        [PortalServices.Identity] = ("The sign-in", "Nobody can sign in, and people and sessions cannot be shown"),
        [PortalServices.Accounts] = ("Accounts", "Accounts and groups cannot be shown, changed or entered"),
        [PortalServices.Search] = ("Family Search", "Families, callers and names cannot be found"),
        [PortalServices.Sync] = ("Sync", "The age of the data cannot be shown, and nothing new is read"),
        [PortalServices.Reports] = ("Generated Reports", "Runs, schedules and trends cannot be shown or started"),
        [PortalServices.Permissions] = ("Permissions", "Permissions cannot be shown or changed, and what was removed stays removed"),
        [PortalServices.Audit] = ("The Audit Log", "What people do is still recorded, but cannot be shown")
    };

    /// <param name="name">What the pages call the part; null: as above.</param>
    public static string Silent(string service, string? name = null) => ByService.TryGetValue(service, out var part)
        ? $"{name ?? part.Name} is not answering right now. {part.Missing}; everything else works. Try again in a moment."
        : $"{name ?? service} is not answering right now. Try again in a moment.";
}
