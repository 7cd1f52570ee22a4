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
public record SnapshotHeader(string Account, DateTimeOffset TakenAt, string? Cursor) : SnapshotLine;

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
