using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RabbitMQ.Client;

namespace EnterprisePortal.AppHost;

/// <summary>What the dashboard offers besides looking: links with names, and commands for what people do again and again in development.</summary>
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

        // A broker that was given is not ours to look into.
        var messaging = builder.Resources.OfType<IResourceWithConnectionString>().Single(resource => resource.Name == "messaging");
        if (messaging is not IResourceWithEndpoints broker)
            return;
        builder.CreateResourceBuilder(broker).WithCommand("send-back", "Send parked messages back",
            command => SendParkedBack(messaging, broker, command.CancellationToken),
            new() { Description = "Moves what failed from each _error queue to the queue it came from.", IconName = "MailArrowForward" });
        office.WithCommand("reset", "Reset the demo world",
            command => Reset(command.Services, messaging, broker, data, command.CancellationToken),
            new()
            {
                Description = "Empties databases, queues and mail, and brings the demo world in anew.",
                ConfirmationMessage = "All data of this world goes: databases, queues, mail, collected reports, the Audit Log. Go on?",
                IconName = "Delete"
            });

        ProjectResource Project(string name) => builder.Resources.OfType<ProjectResource>().Single(project => project.Name == name);
    }

    /// <summary>By the same door as an Admin, in each enterprise.</summary>
    static async Task<ExecuteCommandResult> SyncAll(EndpointReference portal, CancellationToken cancel)
    {
        foreach (var admin in rootAdmins)
        {
            using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new(), UseProxy = false }) { BaseAddress = new(portal.Url) };
            using var signedIn = await browser.GetAsync(new Uri($"/sign-in?provider=google&login_hint={admin}", UriKind.Relative), cancel);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/sync/runs") { Content = JsonContent.Create(new { }), Headers = { { "X-CSRF", "1" } } };
            using var answer = await browser.SendAsync(request, cancel);
            if (answer.StatusCode != HttpStatusCode.Accepted)
                return CommandResults.Failure($"The portal answers {(int)answer.StatusCode} to {admin}.");
        }
        return CommandResults.Success();
    }

    /// <summary>A message is acknowledged in its error queue only when its own queue has confirmed it: a crash in between sends it twice, which consumers know.</summary>
    static async Task<ExecuteCommandResult> SendParkedBack(IResourceWithConnectionString messaging, IResourceWithEndpoints broker, CancellationToken cancel)
    {
        using var management = await Management(messaging, broker, cancel);
        var queues = await management.GetFromJsonAsync<JsonElement[]>("/api/queues?columns=name", cancel);
        await using var connection = await new ConnectionFactory { Uri = new((await messaging.GetConnectionStringAsync(cancel))!) }.CreateConnectionAsync(cancel);
        await using var channel = await connection.CreateChannelAsync(new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancel);
        foreach (var parked in queues!.Select(queue => queue.GetProperty("name").GetString()!).Where(name => name.EndsWith("_error", StringComparison.Ordinal)))
            // As many as are there now: one that fails again at once must not keep us for ever.
            for (var left = await channel.MessageCountAsync(parked, cancel); left > 0 && await channel.BasicGetAsync(parked, autoAck: false, cancel) is { } message; left--)
            {
                await channel.BasicPublishAsync(parked[..^"_error".Length], "", mandatory: true, new BasicProperties(message.BasicProperties), message.Body, cancel);
                await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancel);
            }
        return CommandResults.Success();
    }

    static async Task<ExecuteCommandResult> Reset(IServiceProvider services, IResourceWithConnectionString messaging, IResourceWithEndpoints broker, DataFolder data, CancellationToken cancel)
    {
        var (model, commands) = (services.GetRequiredService<DistributedApplicationModel>(), services.GetRequiredService<ResourceCommandService>());
        var projects = model.Resources.OfType<ProjectResource>().ToList();
        await Task.WhenAll(projects.Select(project => commands.ExecuteCommandAsync(project, KnownResourceCommands.StopCommand, cancel)));

        foreach (var database in model.Resources.OfType<IResourceWithConnectionString>().Where(resource => resource.Name.EndsWith("-db", StringComparison.Ordinal)))
            await Empty(new((await database.GetConnectionStringAsync(cancel))!), cancel);
        using var management = await Management(messaging, broker, cancel);
        foreach (var (method, path) in new[] { (HttpMethod.Delete, "/api/vhosts/%2F"), (HttpMethod.Put, "/api/vhosts/%2F") })
            (await management.SendAsync(new(method, path), cancel)).EnsureSuccessStatusCode();
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

    static async Task<HttpClient> Management(IResourceWithConnectionString messaging, IResourceWithEndpoints broker, CancellationToken cancel)
    {
        var user = Uri.UnescapeDataString(new Uri((await messaging.GetConnectionStringAsync(cancel))!).UserInfo);
        return new()
        {
            BaseAddress = new(broker.GetEndpoint("management").Url),
            DefaultRequestHeaders = { Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user))) }
        };
    }
}
