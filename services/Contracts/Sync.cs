// Published by Sync. Snapshots and changes are read by Search, FamilyErased also by Reports, FiguresRead by Reports alone.
using EnterprisePortal.Contracts.AccountApi;

namespace EnterprisePortal.Contracts.Sync;

/// <summary>
/// The reading of one account has begun. Nothing is replaced before <see cref="SnapshotCompleted"/> and every chunk have arrived.
/// </summary>
public record SnapshotStarted(Guid SnapshotId, string Account, DateTimeOffset TakenAt);

/// <summary>One chunk, numbered from 0. Chunks arrive in any order and more than once.</summary>
public record SnapshotChunk(Guid SnapshotId, string Account, int Number, IReadOnlyList<AccountFamily> Families,
    IReadOnlyList<AccountName> Names);

/// <summary>The account's stream was read completely and agreed with its own trailer (counts and SHA-256).</summary>
/// <param name="TakenAt">When the account took the snapshot: a newer one replaces an older one, never the reverse.</param>
/// <param name="Followed">The account's change feed was being followed: a difference from the index is one that the feed has missed or is
/// about to name.</param>
public record SnapshotCompleted(
    Guid SnapshotId, string Account, DateTimeOffset TakenAt, int Chunks, int Families, int Names, bool Followed = false);

/// <summary>
/// What an account's days came to, before the <see cref="SnapshotCompleted"/> of the snapshot that brought it. Of an account that sends no
/// figures it is the one day of the snapshot, with the families that were counted in it.
/// </summary>
/// <param name="TakenAt">Of two figures of a day, those of the newer snapshot count.</param>
public record FiguresRead(string Account, DateTimeOffset TakenAt, bool IsSent, IReadOnlyList<DayFigures> Days);

/// <summary>The stream broke off, contradicted itself or could not be read: discard its chunks.</summary>
/// <param name="Problem">In words for staff: <c>The account did not answer.</c></param>
public record SyncFailed(Guid SnapshotId, string Account, string Problem);

/// <summary>Families that an account's change feed named, in their current state.</summary>
public record FamiliesChanged(string Account, DateTimeOffset TakenAt, IReadOnlyList<AccountFamily> Families, IReadOnlyList<string> Removed);

public record FamilyErased(string Account, string FamilyId);
