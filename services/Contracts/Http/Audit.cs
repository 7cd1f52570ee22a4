// Answered by Audit: /api/audit.
using System.Text.Json;

namespace EnterprisePortal.Contracts.Http;

/// <param name="Level"><c>admin</c>, <c>user</c> or <c>system</c>.</param>
/// <param name="Action">A key of <see cref="AuditActions"/>, or an account's own word after <see cref="AuditActions.Inside"/>.</param>
/// <param name="Source">The portal's service; for an activity inside an account, the account's name.</param>
public record AuditEntry(
    Guid Id, DateTimeOffset At, string Person, Guid? PersonId, string PersonEmail, string Level, string? Group, Guid GroupId,
    string Action, string Subject, string? Account, string Source, string? Ip, JsonElement? Details);

/// <param name="Day">In UTC; a day without entries is missing.</param>
public record LogDay(DateOnly Day, long Entries);

/// <param name="Entries">The number of entries that are as recorded, counted from the first.</param>
/// <param name="FirstBroken">The entry's id; <c>#12</c> if the twelfth is gone; a file and its line if a signed head was changed.</param>
public record LogVerdict(bool Ok, long Entries, string? FirstBroken, string? Problem);
