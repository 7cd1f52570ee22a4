using EnterprisePortal.ServiceDefaults.Observability;
using MassTransit;

namespace EnterprisePortal.ServiceDefaults.Messaging;

/// <summary>Counts every message on its way into the <c>_error</c> queue: its retries failed, or it cannot be read at all.</summary>
sealed class CountParked(PortalMetrics metrics, string queue) : IFilter<ExceptionReceiveContext>
{
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        await next.Send(context);
        metrics.Parked(queue);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("count-parked");
}
