using EnterprisePortal.ServiceDefaults.Observability;
using MassTransit;

namespace EnterprisePortal.ServiceDefaults.Messaging;

/// <summary>
/// Counts every message on its way into the <c>_error</c> queue (its retries failed, or it cannot be read at all), and wakes whoever keeps
/// it for the operators.
/// </summary>
sealed class CountParked(PortalMetrics metrics, KeepParked keep, string queue) : IFilter<ExceptionReceiveContext>
{
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        await next.Send(context);
        metrics.Parked(queue);
        keep.Wake();
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("count-parked");
}
