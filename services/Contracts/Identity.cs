// Published by Identity. UserChanged is read by Reports; SessionsRevoked by every instance of every service and the gateway.
namespace EnterprisePortal.Contracts.Identity;

/// <summary>The full state of one portal user. Readers keep the highest <paramref name="Version"/>.</summary>
/// <param name="Status"><c>invited</c>, <c>active</c>, <c>suspended</c> or <c>deleted</c>.</param>
public record UserChanged(Guid Id, long Version, string Email, string Name, string Level, Guid GroupId, string Status, string? StaffEmail);

/// <summary>These sessions have ended: tickets are deleted, everybody refuses their tokens from now on, live streams close.</summary>
/// <param name="Sessions">The <c>sid</c> values that ended. A token outlives its session by at most five minutes.</param>
/// <param name="Reason">In words for the person: <c>Your account was suspended by an Admin.</c></param>
public record SessionsRevoked(Guid PersonId, IReadOnlyList<string> Sessions, string Reason, DateTimeOffset At);
