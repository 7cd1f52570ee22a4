using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EnterprisePortal.AppHost.Stores;

/// <summary>A PostgreSQL server without a container: a process of ours (postgres), or one given by its connection string.</summary>
interface IPostgres : IResourceWithConnectionString;

/// <summary>A private server in <c>.data/postgres</c>, from this machine's programs.</summary>
sealed class LocalPostgres(string name, string script, string folder, ParameterResource password)
    : ExecutableResource(name, script, folder), IPostgres
{
    EndpointReference? endpoint;

    public EndpointReference Endpoint => endpoint ??= new(this, "tcp");
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"Host=127.0.0.1;Port={Endpoint.Property(EndpointProperty.Port)};Username=portal;Password={password}");
}

/// <summary><c>ConnectionStrings:postgres</c>. Its user must be allowed to create databases and roles.</summary>
sealed class GivenPostgres(string name, ReferenceExpression connectionString) : Resource(name), IPostgres
{
    public ReferenceExpression ConnectionStringExpression => connectionString;
}

sealed class LocalDatabase(string name, string databaseName, IPostgres server) : Resource(name), IResourceWithConnectionString,
    IResourceWithParent<IPostgres>
{
    public string DatabaseName => databaseName;
    public IPostgres Parent => server;
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"{server.ConnectionStringExpression};Database={databaseName}");
}

static class LocalPostgresExtensions
{
    public static IResourceBuilder<IPostgres> AddLocalPostgres(this IDistributedApplicationBuilder builder, string name, DataFolder data)
    {
        var password = builder.AddSecret($"{name}-password", data);
        var folder = Directory.CreateDirectory(data.Below(name)).FullName;
        var postgres = new LocalPostgres(name, Path.Combine(builder.AppHostDirectory, "Stores", "postgres"), folder, password.Resource);
        builder.Services.AddHealthChecks().AddNpgSql(_ => ServerConnection(postgres), name: $"{name}-answers");
        return builder.AddResource(postgres)
            .WithEndpoint(port: FreePort.Next(), scheme: "tcp", name: "tcp", isProxied: false)
            .WithEnvironment("POSTGRES_PASSWORD", password)
            .WithArgs(context => { context.Args.Add(folder); context.Args.Add(postgres.Endpoint.Property(EndpointProperty.Port)); })
            .WithHealthCheck($"{name}-answers");
    }

    public static IResourceBuilder<IPostgres> AddGivenPostgres(this IDistributedApplicationBuilder builder, string name)
    {
        var given = builder.AddParameterFromConfiguration($"{name}-connection", $"ConnectionStrings:{name}", secret: true);
        var postgres = new GivenPostgres(name, ReferenceExpression.Create($"{given}"));
        return builder.AddResource(postgres).OnInitializeResource((_, begun, cancel) =>
            begun.Notifications.PublishUpdateAsync(postgres, now => now with { State = KnownResourceStates.Running }));
    }

    public static IResourceBuilder<IResourceWithConnectionString> AddDatabase(
        this IResourceBuilder<IPostgres> postgres, string name, string databaseName)
    {
        var database = new LocalDatabase(name, databaseName, postgres.Resource);
        return postgres.ApplicationBuilder.AddResource(database)
            .WithInitialState(new() { ResourceType = "PostgresDatabase", Properties = [], State = KnownResourceStates.NotStarted })
            .OnInitializeResource((_, begun, cancel) => MakeDatabase(database, begun.Notifications, cancel));
    }

    // An existing database stays as it is. Only this code knows when a database resource "runs": without the notice, all others would wait
    // for it.
    static async Task MakeDatabase(LocalDatabase database, ResourceNotificationService notifications, CancellationToken cancel)
    {
        await notifications.WaitForResourceHealthyAsync(database.Parent.Name, cancel);
        await using var connection = new NpgsqlConnection(ServerConnection(database.Parent));
        await connection.OpenAsync(cancel);
        await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection);
        exists.Parameters.Add(new() { Value = database.DatabaseName });
        if (await exists.ExecuteScalarAsync(cancel) is null)
        {
            await using var create = new NpgsqlCommand($"create database \"{database.DatabaseName}\"", connection);
            await create.ExecuteNonQueryAsync(cancel);
        }
        await notifications.PublishUpdateAsync(database, now => now with { State = KnownResourceStates.Running });
    }

    static string ServerConnection(IPostgres postgres) =>
        new NpgsqlConnectionStringBuilder(postgres.ConnectionStringExpression.GetValueAsync(default).AsTask().GetAwaiter().GetResult())
        {
            Database = "postgres", Pooling = false
        }.ConnectionString;
}
