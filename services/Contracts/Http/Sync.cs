// Answered and taken by Sync: /api/sync.
using System.ComponentModel.DataAnnotations;

namespace EnterprisePortal.Contracts.Http;

/// <param name="LastSync">When the reading of the newest snapshot in the index began: the data is no older than this.</param>
/// <param name="Families">In that snapshot; the next three fields are what it changed in the index.</param>
/// <param name="Problem">Why the latest attempt failed, in words; null if it did not.</param>
/// <param name="Next">null for an account that is not active.</param>
/// <param name="Running">It is being read now.</param>
/// <param name="Seconds">How long the latest reading took.</param>
/// <param name="Waiting">It is due, and will be read as soon as a place is free.</param>
/// <param name="Applying">It was read, and is on its way into the index.</param>
/// <param name="Followed">Its change feed is followed: changes arrive within seconds, not overnight.</param>
/// <param name="Drift">Families for which that snapshot found a change that the feed had missed; null: none.</param>
/// <param name="Days">The last two weeks, oldest first; days without a reading are missing.</param>
/// <param name="DriftExamples">The account's own ids of some of them.</param>
public record SyncState(
    string Account, DateTimeOffset? LastSync, long? AgeSeconds, int? Families, int? Added, int? Changed, int? Removed, string? Problem,
    DateTimeOffset? Next, bool Running, double? Seconds, bool Waiting, bool Applying, bool Followed, int? Drift,
    IReadOnlyList<string> DriftExamples, IReadOnlyList<SyncDay> Days);

/// <summary>What came of the readings of one day.</summary>
/// <param name="Day">In the account's own time zone.</param>
/// <param name="Good">The number of snapshots that reached the index.</param>
/// <param name="Failed">The number of readings that failed; each is tried again.</param>
/// <param name="Families">In the last good snapshot.</param>
/// <param name="Problem">Why the last failure was one, in words.</param>
public record SyncDay(DateOnly Day, int Good, int Failed, int? Families, string? Problem);

/// <param name="Accounts">Codes; empty: all in reach.</param>
public record SyncRequest([MaxLength(1000)] string[]? Accounts);

/// <param name="RequestedAt">Done when an account's <see cref="SyncState.LastSync"/> is at or after it.</param>
public record SyncRequested(DateTimeOffset RequestedAt, IReadOnlyList<string> Accounts);
