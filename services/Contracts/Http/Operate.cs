// Answered and taken by every service, for operators alone: /api/operate. The gateway does not forward it; its pages ask inside.
using System.ComponentModel.DataAnnotations;

namespace EnterprisePortal.Contracts.Http;

/// <param name="Queue">Where it failed, and where it goes back to; <c>outbox</c>: it never left.</param>
/// <param name="Type">The message's name: <c>SnapshotChunk</c>.</param>
/// <param name="Reason">Why it was parked, personal data masked.</param>
/// <param name="Body">JSON with its values masked; null: it is no JSON.</param>
public record ParkedMessage(Guid Id, string Queue, string Type, string Reason, DateTimeOffset FailedAt, int Bytes, string? Body);

/// <param name="Why">Stands in the log.</param>
public record DiscardParked([Required, MaxLength(500)] string? Why);

/// <param name="Sent">How many went back.</param>
public record SentBack(int Sent);

/// <summary>How one service is.</summary>
/// <param name="Version">Of the replica that answered; null: a build of nobody's release.</param>
/// <param name="Ready">What its health check says: <c>Healthy</c>, or what is missing.</param>
/// <param name="Outbox">Messages that wait to be published.</param>
/// <param name="OutboxAgeSeconds">How long the oldest of them has waited.</param>
/// <param name="Parked">Messages that an operator has to look at.</param>
/// <param name="ParkedAgeSeconds">How long ago the oldest of them failed.</param>
/// <param name="Waiting">What else waits there for the outside.</param>
public record ServiceState(string Service, string? Version, string Ready, int Outbox, double OutboxAgeSeconds, int Parked,
    double ParkedAgeSeconds, IReadOnlyList<WaitingWork> Waiting, IReadOnlyList<JobState> Jobs);

/// <param name="Kind">A value of <see cref="WaitingKind"/>.</param>
/// <param name="Name">An account's code, or a masked address.</param>
/// <param name="Since">null: from the beginning.</param>
public record WaitingWork(string Kind, string Name, DateTimeOffset? Since, string? Problem);

public static class WaitingKind
{
    public const string SilentAccount = "silent-account", PendingRestrictions = "pending-restrictions", Mail = "mail";
}

/// <param name="LastRun">When it last went well in the replica that answered; null: not since its start.</param>
/// <param name="Problem">Why it has not gone well since.</param>
public record JobState(string Name, DateTimeOffset? LastRun, string? Problem);
