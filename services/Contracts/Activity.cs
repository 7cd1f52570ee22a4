// Published by every service and the gateway, read by Audit.
namespace EnterprisePortal.Contracts.Activity;

/// <summary>
/// An action of a portal user. Written in the transaction of the change; <paramref name="Id"/> makes repetition harmless.
/// </summary>
/// <param name="Action">A key of <see cref="AuditActions"/>, or an account's own after <see cref="AuditActions.Inside"/>.</param>
/// <param name="Subject">The object of the action, in words: a group's name, a person, a masked phone number.</param>
/// <param name="Account">The account's code, if the action concerns one.</param>
/// <param name="Source">The service that recorded it.</param>
/// <param name="Details">JSON object with before/after or outcome; never secrets or unmasked phone numbers.</param>
public record ActivityRecorded(Guid Id, DateTimeOffset At, Guid EnterpriseId, Actor Person, string Action, string Subject, string? Account,
    string Source, string? Ip, string? Details);

/// <param name="Id">null for the system itself.</param>
/// <param name="Level"><c>admin</c>, <c>user</c>, <c>operator</c> or <c>system</c>.</param>
public record Actor(Guid? Id, string Name, string Email, string Level, Guid GroupId);
