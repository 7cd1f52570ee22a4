using System.Text.Json.Serialization;

namespace EnterprisePortal.Contracts.AccountApi;

/// <summary>
/// One line of <c>GET {base}/api/enterprise/v1/snapshot</c> (<c>application/x-ndjson</c>): a header, then families and names
/// in any order, then a trailer. A stream without its trailer is broken and changes nothing.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(SnapshotHeader), "header")]
[JsonDerivedType(typeof(AccountFamily), "family")]
[JsonDerivedType(typeof(AccountName), "name")]
[JsonDerivedType(typeof(SnapshotTrailer), "trailer")]
public abstract record SnapshotLine;

/// <param name="Cursor">Where <c>changes?after=</c> continues after this snapshot; null if the account has no change feed.</param>
/// <param name="Figures">For Trends: days that are over, each once, in any order, at most <see cref="DayFigures.Most"/>. null: the account
/// sends none, and the portal knows only how many families it has, from this snapshot on.</param>
public record SnapshotHeader(string Account, DateTimeOffset TakenAt, string? Cursor, IReadOnlyList<DayFigures>? Figures = null)
    : SnapshotLine;

/// <summary>
/// What a day came to. Each figure is null if the account does not know it. A day that is sent again replaces what it was, so an account
/// may send every night all days, or only yesterday and those that were corrected since. A figure that is null leaves what it was.
/// </summary>
/// <param name="Day">In the account's time zone.</param>
/// <param name="Families">That the account had at the end of the day.</param>
/// <param name="ActiveEnrollments">At the end of the day: <c>start ≤ day ≤ drop date</c>, as for a family's <c>active</c>.</param>
/// <param name="NewEnrollments">The rows of CLA-9 for this day, by creation.</param>
/// <param name="Drops">The rows of CLA-5 for this day, without transfers.</param>
/// <param name="Deposits">The total of FIN-2 for this day, in the account's currency, with two decimals; negative if more was paid
/// back.</param>
public record DayFigures(DateOnly Day, int? Families, int? ActiveEnrollments, int? NewEnrollments, int? Drops, decimal? Deposits)
{
    /// <summary>Days in one header: two years, and some.</summary>
    public const int Most = 800;
}

/// <summary>A family as the portal may know it: guardians and contact, never children.</summary>
/// <param name="Id">The account's own id, stable, at most 64 characters.</param>
/// <param name="Phones">E.164.</param>
/// <param name="Active">Has an enrollment that is active today in the account's time zone.</param>
public record AccountFamily(string Id, IReadOnlyList<Guardian> Guardians, IReadOnlyList<string> Emails, IReadOnlyList<string> Phones,
    bool Active) : SnapshotLine;

public record Guardian(string FirstName, string LastName);

/// <summary>A name that must agree between accounts.</summary>
/// <param name="Kind"><c>level</c>, <c>program</c> or <c>charge-category</c>.</param>
/// <param name="Uses">How many classes or charges use it.</param>
public record AccountName(string Kind, string Name, int Uses) : SnapshotLine;

/// <param name="Sha256">Lower-case hex over every byte before the trailer's line, line feeds included.</param>
public record SnapshotTrailer(int Families, int Names, string Sha256) : SnapshotLine;
