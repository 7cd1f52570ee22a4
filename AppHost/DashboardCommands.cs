using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EnterprisePortal.AppHost;

/// <summary>Additions to the dashboard: named links, and commands for frequent tasks in development.</summary>
static class DashboardCommands
{
    static readonly string[] rootAdmins = ["root-admin@bluedolphin.example", "root-admin@tumbletime.example"];

    public static void AddLinksAndCommands(this IDistributedApplicationBuilder builder, IResourceBuilder<ProjectResource> gateway,
        IResourceBuilder<ProjectResource> office, DataFolder data)
    {
        gateway.WithUrlForEndpoint("http", url => url.DisplayText = "Portal")
            .WithUrlForEndpoint("http", endpoint => new() { Url = "/docs", DisplayText = "API documents" });
        office.WithUrlForEndpoint("http", url => (url.Url, url.DisplayText) = ("/bluedolphin-austin/sign-in", "Office Portals"));

        builder.CreateResourceBuilder(Project("sync")).WithCommand("sync-all", "Sync all accounts now",
            command => SyncAll(gateway.GetEndpoint("http"), command.CancellationToken),
            new() { Description = "Reads every account of both demo enterprises.", IconName = "ArrowSync", IsHighlighted = true });

        // A broker given by its connection string is not ours to inspect.
        var messaging = builder.Resources.OfType<IResourceWithConnectionString>().Single(resource => resource.Name == "messaging");
        if (messaging is not IResourceWithEndpoints endpoints)
            return;
        var broker = new Broker(messaging, endpoints.GetEndpoint("management"));
        office.WithCommand("reset", "Reset the demo world",
            command => Reset(command.Services, broker, data, command.CancellationToken),
            new()
            {
                Description = "Empties databases, queues and mail, and brings the demo world in anew.",
                ConfirmationMessage = "All data of this world goes: databases, queues, mail, collected reports, the Audit Log. Go on?",
                IconName = "Delete"
            });

        ProjectResource Project(string name) => builder.Resources.OfType<ProjectResource>().Single(project => project.Name == name);
    }

    /// <summary>Signs in as an Admin of each enterprise, by the public address like anybody.</summary>
    static async Task<ExecuteCommandResult> SyncAll(EndpointReference portal, CancellationToken cancel)
    {
        foreach (var admin in rootAdmins)
        {
            using var cookies = new SocketsHttpHandler { CookieContainer = new(), UseProxy = false };
            using var browser = new HttpClient(cookies) { BaseAddress = new(portal.Url), DefaultRequestHeaders = { { "X-CSRF", "1" } } };
            using var signedIn = await browser.GetAsync(new Uri($"/sign-in?provider=google&login_hint={admin}", UriKind.Relative), cancel);
            using var answer = await browser.PostAsJsonAsync(new Uri("/api/sync/runs", UriKind.Relative), new { }, cancel);
            if (answer.StatusCode != HttpStatusCode.Accepted)
                return CommandResults.Failure($"The portal answers {(int)answer.StatusCode} to {admin}.");
        }
        return CommandResults.Success();
    }

    static async Task<ExecuteCommandResult> Reset(IServiceProvider services, Broker broker, DataFolder data, CancellationToken cancel)
    {
        var model = services.GetRequiredService<DistributedApplicationModel>();
        var commands = services.GetRequiredService<ResourceCommandService>();
        var projects = model.Resources.OfType<ProjectResource>().ToList();
        await Task.WhenAll(projects.Select(project => commands.ExecuteCommandAsync(project, KnownResourceCommands.StopCommand, cancel)));

        foreach (var database in model.Resources.OfType<IResourceWithConnectionString>())
            if (database.Name.EndsWith("-db", StringComparison.Ordinal))
                await Empty(new((await database.GetConnectionStringAsync(cancel))!), cancel);
        using var management = await broker.Management(cancel);
        foreach (var method in new[] { HttpMethod.Delete, HttpMethod.Put })
            (await management.SendAsync(new(method, "/api/vhosts/%2F"), cancel)).EnsureSuccessStatusCode();
        data.DeleteAllBut("logs", "postgres", "rabbitmq");

        await Task.WhenAll(projects.Select(project => commands.ExecuteCommandAsync(project, KnownResourceCommands.StartCommand, cancel)));
        return CommandResults.Success();
    }

    static async Task Empty(NpgsqlConnectionStringBuilder address, CancellationToken cancel)
    {
        var name = address.Database;
        (address.Database, address.Pooling) = ("postgres", false);
        await using var connection = new NpgsqlConnection(address.ConnectionString);
        await connection.OpenAsync(cancel);
        foreach (var sql in new[] { $"drop database if exists \"{name}\" with (force)", $"create database \"{name}\"" })
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancel);
        }
    }

    sealed record Broker(IResourceWithConnectionString Messaging, EndpointReference ManagementEndpoint)
    {
        public async Task<Uri> Address(CancellationToken cancel) => new((await Messaging.GetConnectionStringAsync(cancel))!);

        public async Task<HttpClient> Management(CancellationToken cancel)
        {
            var user = Encoding.UTF8.GetBytes(Uri.UnescapeDataString((await Address(cancel)).UserInfo));
            var http = new HttpClient { BaseAddress = new(ManagementEndpoint.Url) };
            http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(user));
            return http;
        }
    }
}
