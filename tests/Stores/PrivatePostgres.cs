using EnterprisePortal.AppHost.Stores;
using Npgsql;

namespace EnterprisePortal.Tests.Stores;

sealed class PrivatePostgres : PrivateServer
{
    PrivatePostgres(string folder, int port, IEnumerable<string> options)
        : base("postgres", folder, [$"{port}", .. options], new() { ["POSTGRES_PASSWORD"] = "tests" }) =>
        ConnectionString = $"Host=127.0.0.1;Port={port};Username=portal;Password=tests";

    /// <summary>Without <c>Database</c>. The user is the cluster's superuser.</summary>
    public string ConnectionString { get; }

    /// <param name="durable">False: no fsync, for tests that delete the folder.</param>
    public static async Task<PrivatePostgres> Start(string folder, bool durable)
    {
        string[] careless = durable ? [] : ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"];
        var server = new PrivatePostgres(folder, FreePort.Next(), careless);
        await server.WaitUntil(server.Answers);
        return server;
    }

    async Task<bool> Answers()
    {
        try
        {
            await using var connection = new NpgsqlConnection($"{ConnectionString};Database=postgres;Pooling=false;Timeout=2");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
