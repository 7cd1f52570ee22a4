namespace EnterprisePortal.Contracts.AccountApi;

/// <summary>Answer of <c>GET {base}/api/enterprise/v1/audit-log?after={cursor}</c>: what portal users did inside, oldest first.</summary>
public record AccountActivities(IReadOnlyList<AccountActivity> Items, string Cursor, bool More);

/// <param name="PersonId">The portal user's id (the <c>sub</c> of the entry).</param>
/// <param name="Username">The login-as staff user.</param>
public record AccountActivity(string Id, DateTimeOffset At, Guid PersonId, string Member, string Username, string Source, string? Ip,
    string Action, string AffectedRecords);
