using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Gateway.Clients;

namespace EnterprisePortal.Gateway.Pages.Operate;

/// <summary>What wakes an operator, with the page that helps. The numbers are those of docs/operations.md.</summary>
public sealed record Alert(string Words, string Page)
{
    static readonly TimeSpan ParkedTooLong = TimeSpan.FromHours(1), OutboxTooLong = TimeSpan.FromMinutes(1),
        ANight = TimeSpan.FromHours(26);

    public static IEnumerable<Alert> Of(IEnumerable<(string Service, Answer<ServiceState> State)> states, DateTimeOffset now)
    {
        foreach (var (service, answer) in states)
        {
            if (answer.Value is not { } state)
            {
                yield return new($"{service} does not answer.", "/operate");
                continue;
            }
            if (!state.IsReady)
                yield return new($"{service} is not ready.", "/operate");
            if (state.ParkedAgeSeconds > ParkedTooLong.TotalSeconds)
                yield return new($"{service} has messages that were parked over an hour ago.", "/operate/parked");
            if (state.OutboxAgeSeconds > OutboxTooLong.TotalSeconds)
                yield return new($"{service} has messages in its outbox for over a minute: is RabbitMQ there?", "/operate");
            var silent = state.Waiting.Count(work => work.Kind == WaitingKind.SilentAccount && IsSilent(work, now));
            if (silent > 0)
                yield return new(silent == 1 ? "One account was silent for a night." : $"{silent} accounts were silent for a night.",
                    "/operate?tab=accounts");
        }
    }

    static bool IsSilent(WaitingWork account, DateTimeOffset now) => account.Since is null || now - account.Since > ANight;
}

static class ServiceStateWords
{
    extension(ServiceState state)
    {
        public bool IsReady => state.Ready is "Healthy";
    }
}
