// Answered by Audit: /api/audit.
using System.Text.Json;

namespace EnterprisePortal.Contracts.Http;

/// <param name="Level"><c>admin</c>, <c>user</c> or <c>system</c>.</param>
/// <param name="Action">A key of <see cref="AuditActions"/>, or what an account calls it after <see cref="AuditActions.Inside"/>.</param>
/// <param name="Source">The portal's service; for what was done inside an account, that account's name.</param>
public record AuditEntry(
    Guid Id, DateTimeOffset At, string Person, Guid? PersonId, string PersonEmail, string Level, string? Group, Guid GroupId,
    string Action, string Subject, string? Account, string Source, string? Ip, JsonElement? Details);

/// <param name="Entries">How many were as recorded, from the first one on.</param>
/// <param name="FirstBroken">
/// The entry's id; <c>#12</c> where the twelfth is gone; a file and its line where a signed head was changed.
/// </param>
public record LogVerdict(bool Ok, long Entries, string? FirstBroken, string? Problem);
