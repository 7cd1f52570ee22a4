using System.Diagnostics;
using OpenTelemetry.Trace;

namespace EnterprisePortal.ServiceDefaults.Observability;

/// <summary>
/// A trace begins where work begins: with a request, a message, or a loop that has found something to do (<see cref="TracedWork"/>). A database
/// command or a call that none of these has led to is a loop looking whether there is something; a thousand an hour of those would hide the others.
/// </summary>
sealed class SampleWork : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) => new(
        // A message is work, also where its sender's own trace was not kept.
        samplingParameters.Kind == ActivityKind.Consumer
        || (samplingParameters.ParentContext.TraceId == default
            ? samplingParameters.Kind is ActivityKind.Server or ActivityKind.Internal
            // Also from service to service: an account that is asked for changes every few seconds keeps no trace of that either.
            : samplingParameters.ParentContext.TraceFlags.HasFlag(ActivityTraceFlags.Recorded))
            ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);
}
