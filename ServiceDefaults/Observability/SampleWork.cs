using System.Diagnostics;
using OpenTelemetry.Trace;

namespace EnterprisePortal.ServiceDefaults.Observability;

/// <summary>
/// A trace begins where work begins: with a request, a message, or a loop that has found something to do (<see cref="TracedWork"/>). A
/// database command or call outside of these is a loop checking for work; a thousand such traces an hour would hide the others.
/// </summary>
sealed class SampleWork : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) => new(
        // A message is work, even if its sender's own trace was not kept.
        samplingParameters.Kind == ActivityKind.Consumer
        || (samplingParameters.ParentContext.TraceId == default
            ? samplingParameters.Kind is ActivityKind.Server or ActivityKind.Internal
            // Across services too: an account that is polled for changes every few seconds keeps no trace of it either.
            : samplingParameters.ParentContext.TraceFlags.HasFlag(ActivityTraceFlags.Recorded))
            ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);
}
