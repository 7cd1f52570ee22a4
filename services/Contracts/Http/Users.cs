// Answered and received by Identity: /api/users and /api/me.
using System.ComponentModel.DataAnnotations;

namespace EnterprisePortal.Contracts.Http;

/// <param name="Level">A value of <see cref="UserLevel"/>.</param>
/// <param name="Status">A value of <see cref="UserStatus"/>, except <c>deleted</c>.</param>
/// <param name="StaffEmail">A User's own staff e-mail; null: the group's.</param>
public record UserItem(
    Guid Id, string Email, string Name, string Level, GroupName Group, string Status, string? StaffEmail, DateTimeOffset? LastSignIn);

public static class UserLevel
{
    public const string Admin = "admin", User = "user";
}

public static class UserStatus
{
    public const string Invited = "invited", Active = "active", Suspended = "suspended", Deleted = "deleted";
}

/// <summary>The provider with which a person signs in.</summary>
public static class SignInProvider
{
    public const string Google = "google", Microsoft = "microsoft";
}

/// <param name="Group">Id of the Admin's own group or one below.</param>
/// <param name="Provider">The provider with which the person must sign in; the other one's word for the address is not accepted.</param>
public record NewUser(
    [Required] string Email,
    [Required, StringLength(100, MinimumLength = 1), PlainText] string Name,
    [Required, AllowedValues(UserLevel.Admin, UserLevel.User, ErrorMessage = "A level is admin or user.")] string Level,
    [Required] Guid? Group,
    [Required, AllowedValues(SignInProvider.Google, SignInProvider.Microsoft, ErrorMessage = "A provider is google or microsoft.")]
    string Provider,
    string? StaffEmail = null);

/// <summary>Absent or null fields stay unchanged.</summary>
/// <param name="Status"><c>suspended</c>, or <c>active</c> to reinstate: a user who never signed in is invited again.</param>
/// <param name="Group">Id of the group to move to: the Admin's own or one below.</param>
/// <param name="StaffEmail">Empty removes it, so that the group's applies.</param>
public record UserEdit(
    [StringLength(100, MinimumLength = 1), PlainText] string? Name,
    [AllowedValues(null, UserLevel.Admin, UserLevel.User, ErrorMessage = "A level is admin or user.")] string? Level,
    [AllowedValues(null, UserStatus.Active, UserStatus.Suspended, ErrorMessage = "A status is active or suspended.")] string? Status,
    Guid? Group,
    string? StaffEmail);

/// <summary>One of the enterprises that a person belongs to.</summary>
/// <param name="Status"><c>active</c>, or <c>invited</c>: entering it accepts the invitation.</param>
/// <param name="Current">It is the session's enterprise.</param>
public record EnterpriseItem(Guid Id, string Name, string Level, GroupName Group, string Status, bool Current);

/// <summary>Enterprises that a person must choose from before the sign-in is complete.</summary>
/// <param name="Continue">The waiting request: it continues with <c>&amp;enterprise={id}</c>.</param>
public record EnterpriseChoice(string Continue, IReadOnlyList<EnterpriseItem> Items);

/// <param name="Device">The browser's own description.</param>
/// <param name="EndedAt">null: open. From then on the portal refuses it.</param>
/// <param name="Current">The session that sends the request.</param>
/// <param name="Accounts">Accounts that it entered.</param>
public record SessionItem(
    Guid Id, string Provider, string Device, string? Ip, DateTimeOffset Started, DateTimeOffset LastSeen, DateTimeOffset? EndedAt,
    bool Current, IReadOnlyList<SessionEntry> Accounts);

/// <param name="Account">Its code.</param>
/// <param name="Leaving">The account was told to end it and has not confirmed yet; it is told again until it does.</param>
/// <param name="EndedConfirmedAt">When the account confirmed the end; null: presumably still open there.</param>
public record SessionEntry(string Account, DateTimeOffset OpenSince, bool Leaving, DateTimeOffset? EndedConfirmedAt);

/// <param name="Scopes"><c>feed:names</c>, <c>feed:reports</c> or both.</param>
/// <param name="State"><c>active</c>, <c>expired</c> or <c>revoked</c>.</param>
public record TokenItem(
    Guid Id, string Name, IReadOnlyList<string> Scopes, string State, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
    DateTimeOffset? LastUsedAt, string? LastUsedIp, DateTimeOffset? RevokedAt);

/// <param name="Name">The token's purpose.</param>
/// <param name="Scopes"><c>feed:names</c>, <c>feed:reports</c> or both.</param>
public record NewToken(
    [Required, StringLength(100, MinimumLength = 1), PlainText] string Name,
    [Required, MinLength(1, ErrorMessage = "Choose what the token may read.")] string[] Scopes,
    [Range(1, 365, ErrorMessage = "A token lives between 1 and 365 days.")] int Days);

/// <param name="Secret">Not stored: only this answer has it.</param>
public record CreatedToken(TokenItem Token, string Secret);
