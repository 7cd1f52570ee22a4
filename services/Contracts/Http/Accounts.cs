// Answered and received by Accounts: /api/accounts, /api/groups and /api/brand.
using System.ComponentModel.DataAnnotations;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;

namespace EnterprisePortal.Contracts.Http;

/// <summary>An account as one person sees it.</summary>
/// <param name="Groups">Only groups that the person may know of: their own and those below.</param>
/// <param name="TimeZone">IANA name: <c>America/Chicago</c>.</param>
/// <param name="Country">ISO 3166 alpha-2: <c>US</c>.</param>
/// <param name="BaseUrl">Without a trailing slash.</param>
/// <param name="Favourite">The person's favorite: it comes first in their lists.</param>
public record AccountItem(
    string Code, string Name, string Owner, AccountContact Contact, IReadOnlyList<AccountLocation> Locations,
    IReadOnlyList<GroupName> Groups, string Status, string TimeZone, string Country, string BaseUrl, EntryState Entry,
    DateTimeOffset? LastSync, bool Favourite);

public record GroupName(Guid Id, string Name);

/// <param name="As">Staff user as whom the person would enter.</param>
/// <param name="Ok">No problem is known.</param>
/// <param name="Problem">A word of <see cref="EntryProblem"/>, which includes the status of an account that is not active.</param>
public record EntryState(string? As, bool Ok, string? Problem);

/// <summary>Absent or null fields stay unchanged. The base URL is pinned by the pairing and cannot be edited.</summary>
/// <param name="Status"><c>active</c> or <c>suspended</c>.</param>
public record AccountChange(
    [StringLength(200, MinimumLength = 1), PlainText] string? Name,
    [StringLength(200), PlainText] string? Owner,
    AccountContact? Contact,
    [MaxLength(100)] AccountLocation[]? Locations,
    string? TimeZone,
    [RegularExpression("[A-Z]{2}", ErrorMessage = "A country is two capital letters, such as US.")] string? Country,
    [AllowedValues(null, AccountState.Active, AccountState.Suspended, ErrorMessage = "A status is active or suspended.")] string? Status);

/// <param name="Code">Absent: the code that the base URL suggests.</param>
/// <param name="Groups">Ids. The account joins these and the ones above them, always the root.</param>
public record NewAccount(
    [Required, StringLength(500)] string BaseUrl, [Required, StringLength(100)] string PairingCode, string? Code,
    [MaxLength(200)] Guid[]? Groups);

/// <param name="TestedAt">null: never.</param>
/// <param name="Passed">Nothing prevents activating the account.</param>
public record ConnectionState(DateTimeOffset? TestedAt, bool Passed, IReadOnlyList<ConnectionStep> Steps);

/// <param name="Name"><c>reachable</c>, <c>keys</c>, <c>snapshot</c>, <c>restrictions</c> or <c>staff</c>.</param>
/// <param name="Outcome"><c>good</c>, <c>warning</c> (some people cannot enter yet), <c>failed</c>, or <c>skipped</c> after a failed
/// step.</param>
/// <param name="Words">The finding and what to do about it, for staff.</param>
public record ConnectionStep(string Name, string Outcome, string Words);

/// <param name="ParentId">null for the topmost group the person may see.</param>
/// <param name="UserEmail">null: the nearest ancestor's applies.</param>
/// <param name="AdminEmail">null: the nearest ancestor's applies.</param>
/// <param name="Accounts">Codes.</param>
public record GroupItem(
    Guid Id, string Name, Guid? ParentId, bool Active, string? UserEmail, string? AdminEmail, IReadOnlyList<string> Accounts);

/// <param name="ParentId">The Admin's own group or one below; absent: their own.</param>
public record NewGroup(
    [Required, StringLength(100, MinimumLength = 1), PlainText] string Name, Guid? ParentId, string? UserEmail, string? AdminEmail);

/// <summary>Absent or null fields stay unchanged; an empty login-as e-mail removes the group's own.</summary>
/// <param name="ParentId">Moves the group; the new parent must have all its accounts.</param>
public record GroupChange(
    [StringLength(100, MinimumLength = 1), PlainText] string? Name, bool? Active, string? UserEmail, string? AdminEmail, Guid? ParentId);

/// <summary>A <see cref="GroupChange"/> to preview.</summary>
/// <param name="Accounts">All accounts that the group is to have; absent: its present ones.</param>
public record GroupPreview(bool? Active, string? UserEmail, string? AdminEmail, Guid? ParentId, string[]? Accounts);

/// <param name="Groups">Only affected groups.</param>
public record GroupChangeEffects(IReadOnlyList<GroupEffect> Groups);

/// <param name="Lost">Codes of accounts that leave its people's reach.</param>
/// <param name="Gained">Codes of accounts that enter it.</param>
/// <param name="Leaves">Codes of accounts that leave this group because they leave the group above.</param>
/// <param name="LetIn">true: its people may sign in again; false: they are locked out; null: unchanged.</param>
/// <param name="UserEmail">null: unchanged. The same goes for <paramref name="AdminEmail"/>.</param>
public record GroupEffect(
    Guid Id, string Name, IReadOnlyList<string> Lost, IReadOnlyList<string> Gained, IReadOnlyList<string> Leaves, bool? LetIn,
    LoginAsChange? UserEmail, LoginAsChange? AdminEmail);

public record LoginAsChange(string? Before, string? After);

public record BlockedEntries(IReadOnlyList<BlockedEntry> Items);

/// <param name="Group">Its id.</param>
/// <param name="Account">Its code.</param>
/// <param name="Level">The level of the people it keeps out.</param>
/// <param name="As">The staff user they would enter as.</param>
/// <param name="Problem">A word of <see cref="EntryProblem"/>.</param>
public record BlockedEntry(Guid Group, string Account, string Level, string As, string Problem);

/// <param name="Enterprise">Its own name, which shows where <paramref name="Name"/> is null.</param>
/// <param name="Accent"><c>#2b57c9</c>; null: the portal's own.</param>
/// <param name="Logo">Its address is <c>/logos/{id}</c>; null: the portal's mark.</param>
public record BrandItem(string Enterprise, string? Name, string? Accent, Guid? Logo);

/// <summary>Absent or null fields stay unchanged; empty ones are taken away.</summary>
/// <param name="Logo">A PNG, JPEG or WebP image in Base64.</param>
public record BrandChange([StringLength(60), PlainText] string? Name, string? Accent, byte[]? Logo);
