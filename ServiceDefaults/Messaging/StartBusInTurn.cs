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
    const int Turn = 7_240_158;
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    NpgsqlConnection turn = null!;

    // The bus is the next to start.
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        turn = await db.OpenConnectionAsync(cancellationToken);
        await using (var take = new NpgsqlCommand($"select pg_advisory_lock({Turn})", turn) { CommandTimeout = 0 })
            await take.ExecuteNonQueryAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var taken = turn;
        try
        {
            await bus.WaitForHealthStatus(BusHealthStatus.Healthy, stoppingToken).WaitAsync(Patience, stoppingToken);
            await using var give = new NpgsqlCommand($"select pg_advisory_unlock({Turn})", taken);
            await give.ExecuteNonQueryAsync(stoppingToken);
        }
        catch (TimeoutException)
        {
            Environment.ExitCode = 1;
            throw new InvalidOperationException($"No message can be received {Patience} after the start. Ending, to be started anew.");
        }
        catch (NpgsqlException)
        {
            // The database is away: the turn has ended with its connection.
        }
    }
}
