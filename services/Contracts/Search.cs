// Published by Search, read by Sync.
namespace EnterprisePortal.Contracts.Search;

/// <summary>A snapshot is in the index: from now on searches see it.</summary>
public record SnapshotApplied(Guid SnapshotId, string Account, DateTimeOffset TakenAt, int Families, int Added, int Changed, int Removed);

/// <summary>A complete snapshot could not be put into the index; the old data stays.</summary>
/// <param name="Problem">In words for staff.</param>
public record SnapshotRejected(Guid SnapshotId, string Account, string Problem);
