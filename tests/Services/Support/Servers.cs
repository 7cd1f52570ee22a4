using System.Net.Http.Headers;
using System.Text;
using DotNet.Testcontainers.Builders;
using EnterprisePortal.Tests.Stores;
using EnterprisePortal.Tests.Support;
using Npgsql;
using Testcontainers.PostgreSql;
using Testcontainers.RabbitMq;

[assembly: AssemblyFixture(typeof(Servers))]

namespace EnterprisePortal.Tests.Support;

/// <summary>
/// One PostgreSQL and one RabbitMQ for the whole run: from <c>ConnectionStrings__postgres</c> and <c>ConnectionStrings__messaging</c> (with
/// <c>Messaging__Management</c>, else port 15672) if given, else containers if an engine answers, else private ones from this machine's
/// programs. Each fixture gets a database and a virtual host of its own.
/// </summary>
public sealed class Servers : IAsyncLifetime
{
    readonly List<IAsyncDisposable> started = [];
    string postgres = "", messaging = "", management = "";

    /// <summary>Keeps a service's key ring closed to a thief of its database.</summary>
    public const string Secret = "a key that only the tests know, and no database";

    /// <summary>For files of the run; deleted at its end.</summary>
    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"enterprise-portal-tests-{Environment.ProcessId}");

    public async ValueTask InitializeAsync()
    {
        if (Given("ConnectionStrings__postgres") is { } givenPostgres && Given("ConnectionStrings__messaging") is { } givenMessaging)
        {
            (postgres, messaging) = (givenPostgres, givenMessaging);
            management = Given("Messaging__Management") ?? $"http://{new Uri(messaging).Host}:15672";
        }
        else if (!await StartContainers())
            await StartPrivate();
    }

    static string? Given(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    async Task<bool> StartContainers()
    {
        try
        {
            var database = new PostgreSqlBuilder("postgres:17.6").WithCommand("-c", "fsync=off", "-c", "max_connections=400").Build();
            var broker = new RabbitMqBuilder("rabbitmq:4.1-management").WithPortBinding(15672, true).Build();
            await Task.WhenAll(database.StartAsync(), broker.StartAsync());
            started.AddRange(database, broker);
            (postgres, messaging, management) =
                (database.GetConnectionString(), broker.GetConnectionString(),
                    $"http://{broker.Hostname}:{broker.GetMappedPublicPort(15672)}");
            return true;
        }
        catch (DockerUnavailableException)
        {
            return false;
        }
    }

    async Task StartPrivate()
    {
        var database = PrivatePostgres.Start(Path.Combine(Folder, "postgres"), durable: false);
        var broker = PrivateRabbitMQ.Start(Path.Combine(Folder, "rabbitmq"));
        await Task.WhenAll(database, broker);
        started.AddRange(await database, await broker);
        (postgres, messaging, management) =
            ((await database).ConnectionString, (await broker).ConnectionString, (await broker).ManagementUrl);
    }

    /// <returns>Its connection string.</returns>
    public async Task<string> NewDatabase(string name)
    {
        await Execute($"create database {name}");
        return new NpgsqlConnectionStringBuilder(postgres)
        { Database = name, MaxPoolSize = 20, IncludeErrorDetail = true }.ConnectionString;
    }

    /// <summary>
    /// Like a stolen database or a lost backup: the whole content, and nothing else. Its users are disconnected for a moment.
    /// </summary>
    /// <returns>The copy's connection string.</returns>
    public async Task<string> CopyOf(string connectionString)
    {
        var original = new NpgsqlConnectionStringBuilder(connectionString);
        var copy = new NpgsqlConnectionStringBuilder(connectionString) { Database = original.Database + "_copy", Pooling = false };
        await Execute($"alter database {original.Database} allow_connections false");
        try
        {
            await Execute($"select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{original.Database}'");
            await Execute($"create database {copy.Database} template {original.Database}");
        }
        finally
        {
            await Execute($"alter database {original.Database} allow_connections true");
        }
        return copy.ConnectionString;
    }

    /// <summary>Also drops the login that a service may have made for it.</summary>
    public async Task DropDatabase(string name)
    {
        await Execute($"drop database if exists {name} with (force)");
        await Execute($"drop role if exists {name}_writer");
    }

    /// <returns>Its address.</returns>
    public async Task<string> NewVirtualHost(string name)
    {
        await Manage(HttpMethod.Put, name);
        return new UriBuilder(messaging) { Path = name }.Uri.ToString();
    }

    public Task DropVirtualHost(string name) => Manage(HttpMethod.Delete, name);

    async Task Execute(string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(postgres) { Database = "postgres", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    async Task Manage(HttpMethod method, string virtualHost)
    {
        using var http = new HttpClient { BaseAddress = new(management) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(new Uri(messaging).UserInfo))));
        using var request = new HttpRequestMessage(method, $"/api/vhosts/{virtualHost}")
        {
            Content = new StringContent("", Encoding.UTF8, "application/json")
        };
        (await http.SendAsync(request)).EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(started.Select(server => server.DisposeAsync().AsTask()));
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }
}
