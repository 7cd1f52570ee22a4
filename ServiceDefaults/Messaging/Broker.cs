using Microsoft.Extensions.Configuration;
using RabbitMQ.Client;

namespace EnterprisePortal.ServiceDefaults.Messaging;

/// <summary>RabbitMQ beside the bus, for what MassTransit does not do: to ask whether it is there, and to move parked messages.</summary>
sealed class Broker(IConfiguration configuration)
{
    public Uri Address { get; } = new(configuration.GetConnectionString("messaging")
        ?? throw new InvalidOperationException("ConnectionStrings:messaging is not set."));

    public Task<IConnection> Connect(CancellationToken cancel) =>
        new ConnectionFactory { Uri = Address, AutomaticRecoveryEnabled = false }.CreateConnectionAsync(cancel);
}
