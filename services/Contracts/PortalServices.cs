namespace EnterprisePortal.Contracts;

/// <summary>
/// The portal's services: as the AppHost starts them and others find them, as Identity knows them as clients and writes them into tokens as
/// audiences.
/// </summary>
public static class PortalServices
{
    public const string
        Identity = "identity",
        Accounts = "accounts",
        Search = "search",
        Reports = "reports",
        Permissions = "permissions",
        Audit = "audit",
        Sync = "sync";

    /// <summary>Not a service, but a client of Identity like them.</summary>
    public const string Gateway = "gateway";

    /// <summary>In the order of a reader of the documentation.</summary>
    public static IReadOnlyList<string> All { get; } = [Identity, Accounts, Search, Reports, Permissions, Audit, Sync];
}
