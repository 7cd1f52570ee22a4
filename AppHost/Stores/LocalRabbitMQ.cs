using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;

namespace EnterprisePortal.AppHost.Stores;

/// <summary>A private RabbitMQ node in <c>.data/rabbitmq</c>, from this machine's programs (rabbitmq).</summary>
sealed class LocalRabbitMQ(string name, string script, string folder, ParameterResource password)
    : ExecutableResource(name, script, folder), IResourceWithConnectionString
{
    public const string User = "portal";
    EndpointReference? endpoint;

    public EndpointReference Endpoint => endpoint ??= new(this, "tcp");
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"amqp://{User}:{password}@127.0.0.1:{Endpoint.Property(EndpointProperty.Port)}");
}

static class LocalRabbitMQExtensions
{
    public static IResourceBuilder<LocalRabbitMQ> AddLocalRabbitMQ(
        this IDistributedApplicationBuilder builder, string name, DataFolder data)
    {
        var password = builder.AddSecret($"{name}-password", data);
        var folder = Directory.CreateDirectory(data.Below("rabbitmq")).FullName;
        var rabbit = new LocalRabbitMQ(name, Path.Combine(builder.AppHostDirectory, "Stores", "rabbitmq"), folder, password.Resource);
        var (management, epmd, nodes) = (FreePort.Next(), FreePort.Next(), FreePort.Next());
        builder.Services.AddHealthChecks().AddRabbitMQ(_ => Connect(rabbit), name: $"{name}-answers");
        return builder.AddResource(rabbit)
            .WithEndpoint(port: FreePort.Next(), scheme: "tcp", name: "tcp", isProxied: false)
            .WithHttpEndpoint(port: management, name: "management", isProxied: false)
            .WithUrlForEndpoint("management", url => url.DisplayText = "RabbitMQ management")
            .WithEnvironment("RABBITMQ_DEFAULT_USER", LocalRabbitMQ.User)
            .WithEnvironment("RABBITMQ_DEFAULT_PASS", password)
            .WithArgs(context =>
            {
                context.Args.Add(folder);
                context.Args.Add(rabbit.Endpoint.Property(EndpointProperty.Port));
                foreach (var port in new[] { management, epmd, nodes })
                    context.Args.Add($"{port}");
            })
            .WithHealthCheck($"{name}-answers");
    }

    static IConnection? kept;

    // Health is asked every few seconds: one connection, reopened if the node was down.
    static async Task<IConnection> Connect(LocalRabbitMQ rabbit)
    {
        if (kept is { IsOpen: true })
            return kept;
        var address = await rabbit.ConnectionStringExpression.GetValueAsync(default);
        return kept = await new ConnectionFactory { Uri = new(address!), AutomaticRecoveryEnabled = false }.CreateConnectionAsync();
    }
}
