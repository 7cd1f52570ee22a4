using System.Text.Json;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.SignIn;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Npgsql;
using NpgsqlTypes;

namespace EnterprisePortal.ServiceDefaults.Directory;

/// <summary>
/// Consumed by every instance. The version makes repeated and reordered messages harmless, in memory and in the database.
/// </summary>
sealed class FollowDirectory(DirectoryReplica replica, NpgsqlDataSource db) : IConsumer<DirectoryChanged>
{
    public async Task Consume(ConsumeContext<DirectoryChanged> context)
    {
        await Keep(db, context.Message, context.CancellationToken);
        replica.Apply(context.Message);
    }

    static async Task Keep(NpgsqlDataSource db, DirectoryChanged state, CancellationToken cancel)
    {
        await using var command = db.CreateCommand(
            """
            insert into directory (enterprise_id, version, state) values ($1, $2, $3)
            on conflict (enterprise_id) do update set version = excluded.version, state = excluded.state
              where directory.version < excluded.version
            """);
        command.Parameters.AddWithValue(state.EnterpriseId);
        command.Parameters.AddWithValue(state.Version);
        command.Parameters.AddWithValue(NpgsqlDbType.Jsonb, JsonSerializer.Serialize(state, JsonSerializerOptions.Web));
        await command.ExecuteNonQueryAsync(cancel);
    }
}

/// <summary>
/// Loads the stored directory before the service serves; changes missed while it was down are requested once the bus is up.
/// </summary>
sealed class LoadReplicas(DirectoryReplica directory, RevokedSessions revoked, NpgsqlDataSource db, IBusControl bus)
    : IHostedLifecycleService, IDisposable
{
    readonly CancellationTokenSource stopping = new();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await directory.Load(db, cancellationToken);
        await revoked.Load(db, cancellationToken);
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _ = AskForDirectory();
        return Task.CompletedTask;
    }

    async Task AskForDirectory()
    {
        try
        {
            await bus.WaitForHealthStatus(BusHealthStatus.Healthy, stopping.Token);
            await bus.Publish(new DirectoryRequested(), stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The service stopped before the broker was up.
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => stopping.CancelAsync();
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public void Dispose() => stopping.Dispose();
}
