using EnterprisePortal.ServiceDefaults.Database;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.Messaging;

/// <summary>
/// Replicas that start together take turns until their queues are there: RabbitMQ (3.10: INTERNAL_ERROR, noproc) breaks the connection of whoever consumes from
/// a quorum queue that another is just declaring, and a bus whose connection breaks while it starts may never start. One that has not started after a
/// minute ends its process with an error, for whoever watches over it to start it anew: unready for good would help nobody.
/// </summary>
sealed class StartBusInTurn(NpgsqlDataSource db, IBusControl bus) : BackgroundService
{
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);
    AdvisoryLock alone = null!;

    // The bus is the next to start.
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        alone = await db.Lock("start-bus", cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var held = alone;
        try
        {
            await bus.WaitForHealthStatus(BusHealthStatus.Healthy, stoppingToken).WaitAsync(Deadline, stoppingToken);
        }
        catch (TimeoutException)
        {
            Environment.ExitCode = 1;
            throw new InvalidOperationException($"No message can be received {Deadline} after the start. Ending, to be started anew.");
        }
    }
}
