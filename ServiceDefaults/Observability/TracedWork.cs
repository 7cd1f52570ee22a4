using System.Diagnostics;

namespace EnterprisePortal.ServiceDefaults.Observability;

/// <summary>
/// Work that neither a request nor a message began: a loop begins it once it has found something to do. The search for work leaves no trace
/// (<see cref="SampleWork"/>).
/// </summary>
public static class TracedWork
{
    static readonly ActivitySource Source = new(Telemetry.Source);

    /// <summary>Stored with an order that is carried out later; null if this trace is not recorded.</summary>
    public static string? Cause => Activity.Current is { Recorded: true } now ? now.Id : null;

    /// <param name="name">In plain words, constant and without names of people: <c>read account</c>.</param>
    /// <param name="account">The account's code, if the work is about one.</param>
    /// <param name="cause">The <see cref="Cause"/> stored with the order, if any: the work continues that trace.</param>
    public static Activity? Begin(string name, string? account = null, string? cause = null, ActivityKind kind = ActivityKind.Internal)
    {
        if (!ActivityContext.TryParse(cause, null, isRemote: true, out var parent))
            return Source.StartActivity(name, kind)?.SetTag(Tag.Account, account);
        // If a request of another trace triggers the work, each trace links to the other.
        var here = Activity.Current is { } request ? new[] { new ActivityLink(request.Context) } : null;
        return Source.StartActivity(name, kind, parent, links: here)?.SetTag(Tag.Account, account);
    }
}

/// <summary>Attributes of spans and metrics for which OpenTelemetry has no convention.</summary>
static class Tag
{
    public const string Account = "portal.account", Outcome = "outcome", Queue = "messaging.destination.name";
}
