using System.Reflection;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.Observability;
using EnterprisePortal.ServiceDefaults.Operations;
using EnterprisePortal.ServiceDefaults.SignIn;
using MassTransit;
using MassTransit.Middleware;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.Messaging;

public static class MessagingExtensions
{
    /// <summary>
    /// MassTransit on RabbitMQ with outbox and inbox, the directory replica and revocations. For each consumer in <paramref
    /// name="consumers"/>, all replicas share one quorum queue, named for the work: <c>search-apply-snapshot-chunk</c>.
    /// </summary>
    public static WebApplicationBuilder AddMessaging(
        this WebApplicationBuilder builder, string service, Assembly consumers, Action<IBusRegistrationConfigurator>? more = null)
    {
        builder.Services.AddSingleton<RevokedSessions>();
        builder.Services.AddSingleton<DirectoryReplica>();
        builder.Services.AddSingleton<DirectoryKnown>();
        builder.Services.AddHealthChecks().AddCheck<DirectoryKnown>("directory");
        builder.Services.AddScoped<ActivityRecorder>();
        builder.Services.AddSingleton<IHostedService>(
            services => new MigrateDatabase(services.GetRequiredService<NpgsqlDataSource>(), typeof(MessagingExtensions).Assembly,
            services.GetRequiredService<ILogger<MigrateDatabase>>()));
        // Before the bus, so that stored state is loaded when the first request or message arrives.
        builder.Services.AddHostedService<LoadReplicas>();
        builder.Services.AddSingleton<Broker>();
        builder.Services.AddHostedService<StartBusInTurn>();
        builder.Services.AddMassTransit(bus =>
        {
            // No data about a customer's system goes to third parties.
            bus.DisableUsageTelemetry();
            bus.SetEndpointNameFormatter(new KebabCaseEndpointNameFormatter(service, false));
            bus.AddConsumer<KeepRevocations>();
            bus.AddInstanceConsumer<FollowRevocations>();
            bus.AddInstanceConsumer<FollowDirectory>();
            bus.AddInstanceConsumer<DirectoryArrived>();
            more?.Invoke(bus);
            // Register types, not the assembly: MassTransit would skip consumers that are not public. Consumers registered above stay as
            // they are.
            bus.AddConsumers(consumers.GetTypes());
            bus.AddConfigureEndpointsCallback((context, queue, endpoint) =>
            {
                var keep = context.GetRequiredService<KeepParked>();
                keep.Follow(queue);
                endpoint.ConfigureError(error =>
                {
                    error.UseFilter(new CountParked(context.GetRequiredService<PortalMetrics>(), keep, queue));
                    error.UseFilter(new GenerateFaultFilter());
                    error.UseFilter(new ErrorTransportFilter());
                });
                if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit && !queue.Contains(Instance, StringComparison.Ordinal))
                    rabbit.SetQuorumQueue();
                // Longer than a database restart takes, so that messages of that time do not end up in an error queue.
                endpoint.UseMessageRetry(retry =>
                {
                    retry.Exponential(200, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(400));
                    retry.Handle<Exception>(DatabaseIsAway);
                });
                endpoint.UseMessageRetry(retry =>
                {
                    retry.Exponential(6, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(15), TimeSpan.FromMilliseconds(400));
                    retry.Ignore<Exception>(DatabaseIsAway);
                });
            });
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(context.GetRequiredService<Broker>().Address);
                rabbit.ConfigureEndpoints(context);
            });
        });
        // StartBusInTurn starts it.
        builder.Services.RemoveMassTransitHostedService();
        builder.Services.AddSingleton<KeepParked>();
        builder.Services.AddHostedService(services => services.GetRequiredService<KeepParked>());
        builder.Services.AddHostedService<OutboxRelay>();
        // Messages with a later due time are not waiting. Past ten thousand the exact number helps nobody.
        builder.AddGauge("portal.outbox.messages", "{message}", "Messages that wait to be published.",
            "select count(*) from (select from outbox where due_at <= now() limit 10000) due");
        builder.AddGauge("portal.outbox.oldest.age", "s", "How long the oldest of them has been waiting.",
            "select coalesce(extract(epoch from now() - min(due_at)), 0) from outbox where due_at <= now()");
        builder.AddGauge("portal.parked.messages", "{message}", "Messages that an operator has to send back or discard.",
            "select count(*) from parked_message");
        builder.AddGauge("portal.parked.oldest.age", "s", "How long ago the oldest of them failed.",
            "select coalesce(extract(epoch from now() - min(failed_at)), 0) from parked_message");
        builder.Services.AddHostedService<ForgetOldMessages>();
        builder.AddOperations(service);
        return builder;
    }

    /// <summary>Gives the consumer a temporary queue per instance, for messages that every replica must see.</summary>
    public static void AddInstanceConsumer<TConsumer>(this IBusRegistrationConfigurator bus) where TConsumer : class, IConsumer =>
        bus.AddConsumer<TConsumer>().Endpoint(
            endpoint => { endpoint.InstanceId = Instance + Random.Shared.GetHexString(12, lowercase: true); endpoint.Temporary = true; });

    // EF Core wraps it, and marks that only in the message text.
    static bool DatabaseIsAway(Exception e) =>
        e is NpgsqlException { IsTransient: true } || e.InnerException is { } inner && DatabaseIsAway(inner);

    const string Instance = "-instance-";
}
