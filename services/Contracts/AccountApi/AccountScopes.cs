namespace EnterprisePortal.Contracts.AccountApi;

/// <summary>
/// The parts of an account that the portal's tokens open. Every token has <see cref="Api"/>; each of the portal's services also has the
/// scopes of its own calls, and no others. docs/account-api.md, docs/adr/0015-a-scope-for-each-purpose.md.
/// </summary>
public static class AccountScopes
{
    public const string Api = "account-api";

    /// <summary>Snapshot and changes: all families.</summary>
    public const string Families = "account-api.families";

    /// <summary>Live phone search: one number, one enrollment.</summary>
    public const string Search = "account-api.search";

    public const string Reports = "account-api.reports";

    /// <summary>Who may enter, and what a staff user may do locally.</summary>
    public const string Staff = "account-api.staff";

    public const string Restrictions = "account-api.restrictions";

    /// <summary>The connection test and the release.</summary>
    public const string Pairing = "account-api.pairing";

    public const string AuditLog = "account-api.audit-log";

    public static IReadOnlyList<string> Narrow { get; } = [Families, Search, Reports, Staff, Restrictions, Pairing, AuditLog];
}
