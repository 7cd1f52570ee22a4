namespace EnterprisePortal.Contracts.AccountApi;

/// <summary>Answer of <c>GET {base}/api/enterprise/v1/families?phone={E.164}</c>: live, empty if nobody has the number.</summary>
public record LiveFamilies(IReadOnlyList<LiveFamily> Families);

/// <param name="Name">As the account lists the family: <c>Smith, Mary and John</c>.</param>
public record LiveFamily(string Id, string Name);

/// <summary>Answer of <c>GET …/families/{id}/enrollment</c>. A student dropped today is active until 23:59 in the account's zone.</summary>
public record LiveEnrollment(bool Active);

/// <summary>Answer of <c>GET …/changes?after={cursor}&amp;limit=</c>: the families changed since, as they are now.</summary>
/// <param name="Cursor">Send it as <c>after</c> next time.</param>
/// <param name="More">There is more right now.</param>
public record FamilyChanges(string Cursor, bool More, DateTimeOffset TakenAt, IReadOnlyList<AccountFamily> Families,
    IReadOnlyList<string> Removed, IReadOnlyList<string> Erased);
