// Answered and received by Search: /api/search and /api/validation.
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace EnterprisePortal.Contracts.Http;

/// <param name="Total">Number of families, capped at about 1,200: <paramref name="TotalIsCapped"/> then says that there are more.</param>
/// <param name="Accounts">The accounts with the most hits; <paramref name="MoreAccounts"/> is how many others have any.</param>
/// <param name="Near">Families with a similar name, if nobody has the exact one.</param>
public sealed record FoundFamilies(
    int Total, bool TotalIsCapped, IReadOnlyList<FoundFamily> Families, IReadOnlyList<AccountCount> Accounts, int MoreAccounts,
    IReadOnlyList<NearFamily> Near);

/// <param name="Phones">E.164.</param>
/// <param name="Active">Has an active enrollment.</param>
/// <param name="AsOf">When the account was last read.</param>
/// <param name="SameAs">The first family in the list that is the same family in another account: <c>bluedolphin-austin/4711</c>; null for
/// the first, and for most.</param>
public record FoundFamily(
    string Account, string AccountName, string FamilyId, GuardianName[] Guardians, string[] Emails, string[] Phones, bool Active,
    DateTimeOffset? AsOf, string? SameAs = null);

/// <param name="Why">Why the name is near, in words.</param>
public sealed record NearFamily(
    string Account, string AccountName, string FamilyId, GuardianName[] Guardians, string[] Emails, string[] Phones, bool Active,
    DateTimeOffset? AsOf, string? SameAs, string Why)
    : FoundFamily(Account, AccountName, FamilyId, Guardians, Emails, Phones, Active, AsOf, SameAs);

public sealed record GuardianName(string Name);

public sealed record AccountCount(string Account, int Count, DateTimeOffset? AsOf);

/// <param name="Phone">As given.</param>
/// <param name="Number">As staff read it out: <c>(512) 555-0142</c>.</param>
/// <param name="Unanswered">Codes of accounts that did not answer in time; their matches come from the index.</param>
public sealed record Caller(string Phone, string Number, IReadOnlyList<CallerMatch> Matches, IReadOnlyList<string> Unanswered);

/// <param name="E164">The number as this account's country reads it.</param>
/// <param name="Source"><c>live</c>, or <c>index</c>: as of the last sync.</param>
/// <param name="AsOf">The time of that sync; null if <paramref name="Source"/> is <c>live</c>.</param>
public sealed record CallerMatch(
    string Account, string AccountName, string E164, CallerFamily[] Families, string Source, DateTimeOffset? AsOf);

/// <summary>The last three fields tell several families apart, as of the last sync; they are null where there is only one, or where that
/// sync did not know the family.</summary>
/// <param name="Active">Has an active enrollment; null: not known, or not checked yet.</param>
/// <param name="EmailEnding">Enough to ask the caller for the rest: <c>…oway@home.example</c>.</param>
/// <param name="WasActive">Had an active enrollment.</param>
public sealed record CallerFamily(
    string FamilyId, string Name, bool? Active, string[]? Guardians = null, string? EmailEnding = null, bool? WasActive = null);

/// <param name="Active">null: the account did not answer in time.</param>
public sealed record EnrollmentCheck(bool? Active);

/// <param name="Phone">Only its last digits: <c>•••0142</c>.</param>
/// <param name="Outcome">In words.</param>
public sealed record PhoneLookup(DateTimeOffset At, string Phone, string Outcome, int Milliseconds);

/// <param name="Hour">Its beginning; hours without a lookup are missing.</param>
/// <param name="Milliseconds">On average; <paramref name="Slowest"/> is the longest one.</param>
public sealed record LookupHour(DateTimeOffset Hour, int Lookups, int Milliseconds, int Slowest);

/// <param name="Groups">Likely slips, grouped with the name that each should be.</param>
/// <param name="Dismissed">Groups that somebody has dismissed: their names are meant to differ.</param>
/// <param name="Accounts">The accounts in reach that were read, by name, to which <see cref="NameInReach.Has"/> refers; empty if there are
/// too many to tell them apart at a glance.</param>
public sealed record NamesInReach(
    IReadOnlyList<NameInReach> Names, IReadOnlyList<SlipGroup> Groups, IReadOnlyList<SlipDismissal> Dismissed,
    IReadOnlyList<AccountCode> Accounts);

public sealed record AccountCode(string Account, string AccountName);

/// <param name="Accounts">Number of accounts that have it, exactly as written.</param>
/// <param name="Probably">The name of which this is a likely slip.</param>
/// <param name="Has">The places in <see cref="NamesInReach.Accounts"/> of the accounts that have it.</param>
public sealed record NameInReach(
    [property: JsonPropertyName("name")] string Text, int Accounts, string? Probably, IReadOnlyList<int>? Has = null);

public sealed record SlipGroup(string Probably, int Accounts, IReadOnlyList<LikelySlip> Names);

/// <param name="Why">Why it is a likely slip, in words.</param>
public sealed record LikelySlip([property: JsonPropertyName("name")] string Text, int Accounts, string Why);

public sealed record AccountWithName(string Account, string AccountName, int Uses, DateTimeOffset? AsOf);

/// <param name="Names">Names that are not slips of it, nor of each other.</param>
/// <param name="For"><c>group</c> (Admins) or <c>me</c>; absent: what the person's level allows.</param>
public sealed record NewDismissal(
    [property: Required, MaxLength(500)] string? Probably, [property: Required, MinLength(1), MaxLength(100)] string[]? Names,
    string? For);

/// <param name="For"><c>group</c>: everybody of <paramref name="GroupName"/> and below. <c>me</c>: this person only.</param>
public sealed record SlipDismissal(
    Guid Id, string Probably, string[] Names, string For, string? GroupName, string By, DateTimeOffset At, bool MayUndo);
