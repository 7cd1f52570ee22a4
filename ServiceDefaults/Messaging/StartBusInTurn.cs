using EnterprisePortal.ServiceDefaults.Background;
using EnterprisePortal.ServiceDefaults.Database;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.Messaging;

/// <summary>
/// Starts the bus beside the service, which answers meanwhile: a service that starts while RabbitMQ is away is not ready, and does what it
/// can without messages. Replicas that start together take turns until their queues exist: RabbitMQ (3.10: INTERNAL_ERROR, noproc) breaks
/// the connection of a consumer on a quorum queue that another node is still declaring, and a bus whose connection breaks during its start
/// may never start. So a bus that has not started a minute after RabbitMQ answered ends the process with an error, for its supervisor to
/// start it again; a process that stays unready forever would never recover.
/// </summary>
sealed class StartBusInTurn(NpgsqlDataSource db, IBusControl bus, Broker broker, ILogger<StartBusInTurn> log) : BackgroundService
{
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var alone = await PatientStart.Until("start bus", () => Turn(stoppingToken), log, stoppingToken);
        try
        {
            // Both wait for as long as the connection is broken.
            await bus.StartAsync(stoppingToken).WaitAsync(Deadline, stoppingToken);
            await bus.WaitForHealthStatus(BusHealthStatus.Healthy, stoppingToken).WaitAsync(Deadline, stoppingToken);
        }
        catch (TimeoutException e)
        {
            Environment.ExitCode = 1;
            throw new InvalidOperationException($"RabbitMQ answers, but no message can be received {Deadline} after the start. "
                + "Ending the process, so that its supervisor restarts it.", e);
        }
    }

    /// <summary>Asked again with the turn: RabbitMQ may have gone while another replica had it.</summary>
    async Task<AdvisoryLock> Turn(CancellationToken stop)
    {
        await (await broker.Connect(stop)).DisposeAsync();
        var turn = await db.Lock("start-bus", stop);
        try
        {
            await (await broker.Connect(stop)).DisposeAsync();
            return turn;
        }
        catch
        {
            await turn.DisposeAsync();
            throw;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await bus.StopAsync(cancellationToken);
    }
}
