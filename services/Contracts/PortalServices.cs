namespace EnterprisePortal.Contracts;

/// <summary>
/// The portal's services: the names under which the AppHost starts them, others find them, and Identity knows them, as clients and as
/// audiences in tokens.
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

    /// <summary>Not a service, but a client of Identity like the services.</summary>
    public const string Gateway = "gateway";

    /// <summary>In the order of the documentation.</summary>
    public static IReadOnlyList<string> All { get; } = [Identity, Accounts, Search, Reports, Permissions, Audit, Sync];
}
