// Published by Sync. Snapshots and changes are read by Search, FamilyErased also by Reports.
using EnterprisePortal.Contracts.AccountApi;

namespace EnterprisePortal.Contracts.Sync;

/// <summary>Reading of one account has begun. Nothing is replaced before <see cref="SnapshotCompleted"/> and every chunk are there.</summary>
public record SnapshotStarted(Guid SnapshotId, string Account, DateTimeOffset TakenAt);

/// <summary>One piece, numbered from 0. Pieces come in any order and more than once.</summary>
public record SnapshotChunk(Guid SnapshotId, string Account, int Number, IReadOnlyList<AccountFamily> Families, IReadOnlyList<AccountName> Names);

/// <summary>The account's stream was read to its end and agreed with its own trailer (counts and SHA-256).</summary>
/// <param name="TakenAt">When the account took the snapshot: newer replaces older, never the other way round.</param>
/// <param name="Followed">The account's change feed was being followed: what the index does not have already, the feed has lost or is about to tell.</param>
public record SnapshotCompleted(Guid SnapshotId, string Account, DateTimeOffset TakenAt, int Chunks, int Families, int Names, bool Followed = false);

/// <summary>The stream broke off, lied or could not be read: throw its chunks away.</summary>
/// <param name="Problem">In words for staff: <c>The account did not answer.</c></param>
public record SyncFailed(Guid SnapshotId, string Account, string Problem);

/// <summary>Families that an account's change feed named, as they are now.</summary>
public record FamiliesChanged(string Account, DateTimeOffset TakenAt, IReadOnlyList<AccountFamily> Families, IReadOnlyList<string> Removed);

public record FamilyErased(string Account, string FamilyId);
