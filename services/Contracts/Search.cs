// Published by Search, read by Sync.
namespace EnterprisePortal.Contracts.Search;

/// <summary>A snapshot is in the index: from now on searches see it.</summary>
public record SnapshotApplied(Guid SnapshotId, string Account, DateTimeOffset TakenAt, int Families, int Added, int Changed, int Removed);

/// <summary>A complete snapshot could not be put into the index; the old data stays.</summary>
/// <param name="Problem">In words for staff.</param>
public record SnapshotRejected(Guid SnapshotId, string Account, string Problem);

/// <summary>
/// A snapshot differed from the index although the account's change feed was followed, and the feed did not name these families soon after
/// either.
/// </summary>
/// <param name="Examples">The account's own ids of some of them.</param>
public record DriftFound(Guid SnapshotId, string Account, int Added, int Changed, int Removed, IReadOnlyList<string> Examples);
