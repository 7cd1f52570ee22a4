// Answered and taken by Sync: /api/sync.
using System.ComponentModel.DataAnnotations;

namespace EnterprisePortal.Contracts.Http;

/// <param name="LastSync">When the reading of the newest snapshot in the index began: the data is no older than this.</param>
/// <param name="Families">In that snapshot; the three after it are what it changed in the index.</param>
/// <param name="Problem">Why the latest attempt failed, in words; null where it did not.</param>
/// <param name="Next">null for an account that is not active.</param>
/// <param name="Running">It is being read now.</param>
/// <param name="Seconds">How long the latest reading took.</param>
/// <param name="Waiting">It is due, and is read as soon as there is room for it.</param>
/// <param name="Applying">It was read, and is on its way into the index.</param>
/// <param name="Followed">Its change feed is followed: what changes is seconds behind, not a night.</param>
/// <param name="Drift">Families in which that snapshot found that the change feed had lost a change; null: none.</param>
/// <param name="DriftExamples">The account's own ids of some of them.</param>
public record SyncState(
    string Account, DateTimeOffset? LastSync, long? AgeSeconds, int? Families, int? Added, int? Changed, int? Removed, string? Problem,
    DateTimeOffset? Next, bool Running, double? Seconds, bool Waiting, bool Applying, bool Followed, int? Drift,
    IReadOnlyList<string> DriftExamples);

/// <param name="Accounts">Codes; none: all in reach.</param>
public record SyncRequest([MaxLength(1000)] string[]? Accounts);

/// <param name="RequestedAt">Done when an account's <see cref="SyncState.LastSync"/> is at or after it.</param>
public record SyncRequested(DateTimeOffset RequestedAt, IReadOnlyList<string> Accounts);
