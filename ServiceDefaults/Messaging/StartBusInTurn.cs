using EnterprisePortal.ServiceDefaults.Database;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.Messaging;

/// <summary>
/// Replicas that start together take turns until their queues exist: RabbitMQ (3.10: INTERNAL_ERROR, noproc) breaks the connection of a
/// consumer on a quorum queue that another node is still declaring, and a bus whose connection breaks during its start may never start. A
/// bus that has not started after a minute ends the process with an error, so that its supervisor restarts it; a process that stays unready
/// forever would never recover.
/// </summary>
sealed class StartBusInTurn(NpgsqlDataSource db, IBusControl bus) : BackgroundService
{
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);
    AdvisoryLock alone = null!;

    // The bus is the next hosted service to start.
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
        catch (TimeoutException e)
        {
            Environment.ExitCode = 1;
            throw new InvalidOperationException(
                $"No message can be received {Deadline} after the start. Ending the process, so that its supervisor restarts it.", e);
        }
    }
}
