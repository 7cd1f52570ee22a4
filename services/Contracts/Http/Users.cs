// Answered and taken by Identity: /api/users and /api/me.
using System.ComponentModel.DataAnnotations;

namespace EnterprisePortal.Contracts.Http;

/// <param name="Level">Of <see cref="UserLevel"/>.</param>
/// <param name="Status">Of <see cref="UserStatus"/>, but for <c>deleted</c>.</param>
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

/// <summary>With whom a person signs in.</summary>
public static class SignInProvider
{
    public const string Google = "google", Microsoft = "microsoft";
}

/// <param name="Group">Id of the Admin's own group or one below.</param>
/// <param name="Provider">With which the person is to come; the other's word for the address is not taken.</param>
public record NewUser(
    [Required] string Email,
    [Required, StringLength(100, MinimumLength = 1), PlainText] string Name,
    [Required, AllowedValues(UserLevel.Admin, UserLevel.User, ErrorMessage = "A level is admin or user.")] string Level,
    [Required] Guid? Group,
    [Required, AllowedValues(SignInProvider.Google, SignInProvider.Microsoft, ErrorMessage = "A provider is google or microsoft.")]
    string Provider,
    string? StaffEmail = null);

/// <summary>What is absent or null stays as it is.</summary>
/// <param name="Status"><c>suspended</c>, or <c>active</c> to reinstate: a user who never signed in is invited again.</param>
/// <param name="Group">Id of the group to move to: the Admin's own or one below.</param>
/// <param name="StaffEmail">An empty one takes it away, so that the group's counts.</param>
public record UserEdit(
    [StringLength(100, MinimumLength = 1), PlainText] string? Name,
    [AllowedValues(null, UserLevel.Admin, UserLevel.User, ErrorMessage = "A level is admin or user.")] string? Level,
    [AllowedValues(null, UserStatus.Active, UserStatus.Suspended, ErrorMessage = "A status is active or suspended.")] string? Status,
    Guid? Group,
    string? StaffEmail);

/// <summary>One of the enterprises that a person belongs to.</summary>
/// <param name="Status"><c>active</c>, or <c>invited</c>: entering it takes the invitation up.</param>
/// <param name="Current">The session's.</param>
public record EnterpriseItem(Guid Id, string Name, string Level, GroupName Group, string Status, bool Current);

/// <summary>Enterprises among which somebody who is not signed in yet has to choose.</summary>
/// <param name="Continue">The request that waits: with <c>&amp;enterprise={id}</c> it goes on.</param>
public record EnterpriseChoice(string Continue, IReadOnlyList<EnterpriseItem> Items);

/// <param name="Device">What the browser called itself.</param>
/// <param name="EndedAt">null: open. The portal refuses it from then on.</param>
/// <param name="Current">The one that asks.</param>
/// <param name="Accounts">Where it went.</param>
public record SessionItem(
    Guid Id, string Provider, string Device, string? Ip, DateTimeOffset Started, DateTimeOffset LastSeen, DateTimeOffset? EndedAt,
    bool Current, IReadOnlyList<SessionEntry> Accounts);

/// <param name="Account">Its code.</param>
/// <param name="Leaving">The account has been told to end it and has not confirmed yet; it is told again until it does.</param>
/// <param name="EndedConfirmedAt">When the account said that it is over; null: still open there, for all we know.</param>
public record SessionEntry(string Account, DateTimeOffset OpenSince, bool Leaving, DateTimeOffset? EndedConfirmedAt);

/// <param name="Scopes"><c>feed:names</c>, <c>feed:reports</c> or both.</param>
/// <param name="State"><c>active</c>, <c>expired</c> or <c>revoked</c>.</param>
public record TokenItem(
    Guid Id, string Name, IReadOnlyList<string> Scopes, string State, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
    DateTimeOffset? LastUsedAt, string? LastUsedIp, DateTimeOffset? RevokedAt);

/// <param name="Name">What it is for.</param>
/// <param name="Scopes"><c>feed:names</c>, <c>feed:reports</c> or both.</param>
public record NewToken(
    [Required, StringLength(100, MinimumLength = 1), PlainText] string Name,
    [Required, MinLength(1, ErrorMessage = "Choose what the token may read.")] string[] Scopes,
    [Range(1, 365, ErrorMessage = "A token lives between 1 and 365 days.")] int Days);

/// <param name="Secret">Kept by nobody here: this answer is the only one that has it.</param>
public record CreatedToken(TokenItem Token, string Secret);
