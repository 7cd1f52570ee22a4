using Aspire.Hosting.ApplicationModel;
using Npgsql;

namespace EnterprisePortal.Local;

/// <summary>The PostgreSQL of <c>ConnectionStrings__postgres</c>, else a private one under <c>.data/postgres</c>; with the databases the map names.</summary>
sealed class RunningPostgres(PostgresServerResource postgres, string? given, DataFolder data, Reaper reaper, Action<string> say)
    : RunningResource(postgres.Name, "database server", data.Below("postgres", "server.log"), say)
{
    readonly int port = FreePort.Next();

    protected override async Task<string?> RunOnce(CancellationToken stop)
    {
        if (given is not null)
        {
            postgres.ServerConnectionString = given;
            await Serve(stop);
            await Task.Delay(Timeout.Infinite, stop);
        }
        await using var children = new Children(reaper);
        await using var server = await PrivatePostgres.Start(data.Below("postgres"), port, data.Secret("postgres-password", 32), durable: true, children.Add, stop);
        postgres.ServerConnectionString = server.ConnectionString;
        ProcessId = server.ProcessId;
        await Serve(stop);
        await server.Process.WaitForExitAsync(stop);
        return $"ended with exit code {server.Process.ExitCode}";
    }

    async Task Serve(CancellationToken stop)
    {
        Runs();
        await using var db = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(postgres.ServerConnectionString) { Database = "postgres", Pooling = false });
        await using var connection = await db.OpenConnectionAsync(stop);
        foreach (var name in postgres.Databases.Select(database => database.DatabaseName))
        {
            await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection) { Parameters = { new() { Value = name } } };
            if (await exists.ExecuteScalarAsync(stop) is not null)
                continue;
            await using var create = new NpgsqlCommand($"create database \"{name}\"", connection);
            await create.ExecuteNonQueryAsync(stop);
        }
        Is(healthy: true);
    }
}

/// <summary>The broker of <c>ConnectionStrings__messaging</c>, else a private one under <c>.data/rabbitmq</c>.</summary>
sealed class RunningRabbitMQ : RunningResource
{
    readonly RabbitMQServerResource rabbit;
    readonly string? given;
    readonly DataFolder data;
    readonly Reaper reaper;
    readonly int port = FreePort.Next(), managementPort = FreePort.Next();

    public RunningRabbitMQ(RabbitMQServerResource rabbit, string? given, DataFolder data, Reaper reaper, Action<string> say)
        : base(rabbit.Name, "message broker", data.Below("rabbitmq", "server.log"), say)
    {
        (this.rabbit, this.given, this.data, this.reaper) = (rabbit, given, data, reaper);
        if (given is null)
            Addresses = [new($"http://127.0.0.1:{managementPort}")];
    }

    protected override async Task<string?> RunOnce(CancellationToken stop)
    {
        if (given is not null)
        {
            rabbit.ConnectionString = given;
            Runs();
            Is(healthy: true);
            await Task.Delay(Timeout.Infinite, stop);
        }
        await using var children = new Children(reaper);
        await using var server = await PrivateRabbitMQ.Start(data.Below("rabbitmq"), port, managementPort, "portal", data.Secret("messaging-password", 32), children.Add, stop);
        rabbit.ConnectionString = server.ConnectionString;
        ProcessId = server.ProcessId;
        Runs();
        Is(healthy: true);
        await server.Process.WaitForExitAsync(stop);
        return $"ended with exit code {server.Process.ExitCode}";
    }
}

/// <summary>Processes a private server started; declared before the server, so that the reaper forgets them only after it stopped them.</summary>
sealed class Children(Reaper reaper) : IAsyncDisposable
{
    readonly List<int> started = [];

    public void Add(int process, string signal)
    {
        started.Add(process);
        reaper.Started(process, signal);
    }

    public ValueTask DisposeAsync()
    {
        started.ForEach(reaper.Gone);
        return default;
    }
}
