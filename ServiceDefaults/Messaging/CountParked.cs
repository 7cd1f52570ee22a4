using EnterprisePortal.ServiceDefaults.Observability;
using MassTransit;

namespace EnterprisePortal.ServiceDefaults.Messaging;

/// <summary>On the way of every message that has failed its retries, or cannot be read at all, into the <c>_error</c> queue.</summary>
sealed class CountParked(PortalMetrics metrics, string queue) : IFilter<ExceptionReceiveContext>
{
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        await next.Send(context);
        metrics.Parked(queue);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("count-parked");
}
