using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Aspire.RabbitMQ.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Polly;
using Polly.Retry;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

#pragma warning disable IDE0130 // The namespaces are Aspire's: this file stands in for its client integration (docs/adr/0001-two-ways-to-run.md).
namespace Aspire.RabbitMQ.Client
{
    public sealed class RabbitMQClientSettings
    {
        public string? ConnectionString { get; set; }
        public int MaxConnectRetryCount { get; set; } = 5;
        public bool DisableHealthChecks { get; set; }
    }
}

namespace Microsoft.Extensions.Hosting
{
    public static class AspireRabbitMQExtensions
    {
        public static void AddRabbitMQClient(this IHostApplicationBuilder builder, string connectionName,
            Action<RabbitMQClientSettings>? configureSettings = null, Action<ConnectionFactory>? configureConnectionFactory = null)
        {
            var settings = new RabbitMQClientSettings();
            builder.Configuration.GetSection("Aspire:RabbitMQ:Client").Bind(settings);
            builder.Configuration.GetSection($"Aspire:RabbitMQ:Client:{connectionName}").Bind(settings);
            settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
            configureSettings?.Invoke(settings);
            builder.Services.AddSingleton<IConnectionFactory>(_ =>
            {
                var factory = new ConnectionFactory { Uri = new(settings.ConnectionString ?? throw new InvalidOperationException($"ConnectionStrings:{connectionName} is not set.")) };
                configureConnectionFactory?.Invoke(factory);
                return factory;
            });
            builder.Services.AddSingleton(services => Connect(services.GetRequiredService<IConnectionFactory>(), settings.MaxConnectRetryCount));
            if (!settings.DisableHealthChecks)
                builder.Services.AddHealthChecks().AddCheck<RabbitMQCheck>("RabbitMQ.Client");
        }

        static IConnection Connect(IConnectionFactory factory, int retries) =>
            new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<BrokerUnreachableException>().Handle<SocketException>(),
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromSeconds(1),
                MaxRetryAttempts = retries
            }).Build().Execute(() => factory.CreateConnectionAsync().GetAwaiter().GetResult());
    }

    [SuppressMessage("Design", "CA1031", Justification = "A health check reports whatever went wrong.")]
    sealed class RabbitMQCheck(IServiceProvider services) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
        {
            try
            {
                return Task.FromResult(services.GetRequiredService<IConnection>().IsOpen
                    ? HealthCheckResult.Healthy() : new(context.Registration.FailureStatus, "The connection is closed."));
            }
            catch (Exception e)
            {
                return Task.FromResult(new HealthCheckResult(context.Registration.FailureStatus, e.Message));
            }
        }
    }
}
