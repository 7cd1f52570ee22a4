using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.Messaging;

/// <summary>
/// Replicas that start together take turns until their queues are there: RabbitMQ (3.10: INTERNAL_ERROR, noproc) breaks the connection of whoever consumes from
/// a quorum queue that another is just declaring, and a bus whose connection breaks while it starts may never start. One that has not started after a
/// minute ends its process with an error, for whoever watches over it to start it anew: unready for good would help nobody.
/// </summary>
sealed class StartBusInTurn(NpgsqlDataSource db, IBusControl bus, IHostApplicationLifetime host, ILogger<StartBusInTurn> log) : IHostedLifecycleService, IAsyncDisposable
{
    const int Turn = 7_240_158;
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    readonly CancellationTokenSource stopping = new();
    NpgsqlConnection? turn;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        turn = await db.OpenConnectionAsync(cancellationToken);
        await using var take = new NpgsqlCommand($"select pg_advisory_lock({Turn})", turn) { CommandTimeout = 0 };
        await take.ExecuteNonQueryAsync(cancellationToken);
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _ = GiveOnceStarted();
        return Task.CompletedTask;
    }

    async Task GiveOnceStarted()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        patience.CancelAfter(Patience);
        try
        {
            await bus.WaitForHealthStatus(BusHealthStatus.Healthy, patience.Token);
            await using var give = new NpgsqlCommand($"select pg_advisory_unlock({Turn})", turn);
            await give.ExecuteNonQueryAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            log.LogCritical("No messages can be received {Patience} after the start. Ending, to be started anew.", Patience);
            Environment.ExitCode = 1;
            host.StopApplication();
        }
        catch (Exception e) when (e is OperationCanceledException or NpgsqlException)
        {
            // Stopped before the broker was there, or the database is away: the turn ends with the connection.
        }
        await turn!.DisposeAsync();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => stopping.CancelAsync();
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        stopping.Dispose();
        await (turn?.DisposeAsync() ?? default);
    }
}
