using System.Diagnostics;

namespace EnterprisePortal.ServiceDefaults.Observability;

/// <summary>
/// Work that neither a request nor a message began: what a loop does once it has found something. Looking for it leaves no trace
/// (<see cref="SampleWork"/>).
/// </summary>
public static class TracedWork
{
    static readonly ActivitySource Source = new(Telemetry.Source);

    /// <summary>To be written down with an order that is carried out later; null where nobody keeps this trace.</summary>
    public static string? Cause => Activity.Current is { Recorded: true } now ? now.Id : null;

    /// <param name="name">As one says it, the same each time and without names of people: <c>read account</c>.</param>
    /// <param name="account">Its code, where the work is about one.</param>
    /// <param name="cause">The <see cref="Cause"/> that was written down with the order, if any: the work goes on in that trace.</param>
    public static Activity? Begin(string name, string? account = null, string? cause = null, ActivityKind kind = ActivityKind.Internal)
    {
        if (!ActivityContext.TryParse(cause, null, isRemote: true, out var parent))
            return Source.StartActivity(name, kind)?.SetTag(Tag.Account, account);
        // Where it comes up in a request of another trace, each leads to the other.
        var here = Activity.Current is { } request ? new[] { new ActivityLink(request.Context) } : null;
        return Source.StartActivity(name, kind, parent, links: here)?.SetTag(Tag.Account, account);
    }
}

/// <summary>Attributes of spans and metrics that no convention of OpenTelemetry has a name for.</summary>
static class Tag
{
    public const string Account = "portal.account", Outcome = "outcome", Queue = "messaging.destination.name";
}
