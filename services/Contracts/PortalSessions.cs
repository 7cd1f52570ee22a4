namespace EnterprisePortal.Contracts;

/// <summary>A person's session in the portal, and those inside accounts that follow from it.</summary>
public static class PortalSessions
{
    /// <summary>
    /// However active: after a working day one signs in again (docs/adr/0014-no-inactivity-time-out.md). Once it stands in SQL, too, in
    /// services/Audit/Migrations/002_append_only.sql: that script has run, and followed the accounts that were open at that moment.
    /// </summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(12);
}
