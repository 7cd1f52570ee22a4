namespace EnterprisePortal.Contracts;

/// <summary>A person's session in the portal, and the sessions inside accounts that follow from it.</summary>
public static class PortalSessions
{
    /// <summary>
    /// Even with activity: after a working day a person signs in again (docs/adr/0014-no-inactivity-time-out.md). The same number is in
    /// SQL, in services/Audit/Migrations/002_append_only.sql: that script has run, and followed the accounts that were open then.
    /// </summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(12);
}
