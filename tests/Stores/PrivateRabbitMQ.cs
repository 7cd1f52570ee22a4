using System.Net.Http.Headers;
using EnterprisePortal.AppHost.Stores;

namespace EnterprisePortal.Tests.Stores;

sealed class PrivateRabbitMQ : PrivateServer
{
    readonly HttpClient management;

    PrivateRabbitMQ(string folder, int port, int managementPort)
        : base("rabbitmq", folder, [$"{port}", $"{managementPort}", $"{FreePort.Next()}", $"{FreePort.Next()}"],
            new() { ["RABBITMQ_DEFAULT_USER"] = "portal", ["RABBITMQ_DEFAULT_PASS"] = "tests" })
    {
        (ConnectionString, ManagementUrl) = ($"amqp://portal:tests@127.0.0.1:{port}", $"http://127.0.0.1:{managementPort}");
        management = new() { BaseAddress = new(ManagementUrl), Timeout = TimeSpan.FromSeconds(5) };
        management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("portal:tests"u8));
    }

    /// <summary>The default virtual host; append <c>/name</c> for another.</summary>
    public string ConnectionString { get; }
    public string ManagementUrl { get; }

    public static async Task<PrivateRabbitMQ> Start(string folder)
    {
        var server = new PrivateRabbitMQ(folder, FreePort.Next(), FreePort.Next());
        await server.WaitUntil(server.TakesClients);
        return server;
    }

    // The plugin answers before the node accepts clients; the listeners that it names do accept them.
    async Task<bool> TakesClients()
    {
        try
        {
            var overview = await management.GetStringAsync(new Uri("/api/overview", UriKind.Relative));
            return overview.Contains("\"protocol\":\"amqp\"", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
