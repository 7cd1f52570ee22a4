using System.Diagnostics.CodeAnalysis;
using Aspire.Npgsql;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

#pragma warning disable IDE0130 // The namespaces are Aspire's: this file stands in for its client integration (docs/adr/0001-two-ways-to-run.md).
namespace Aspire.Npgsql
{
    public sealed class NpgsqlSettings
    {
        public string? ConnectionString { get; set; }
        public bool DisableHealthChecks { get; set; }
        public bool DisableTracing { get; set; }
        public bool DisableMetrics { get; set; }
    }
}

namespace Microsoft.Extensions.Hosting
{
    public static class AspirePostgreSqlNpgsqlExtensions
    {
        public static void AddNpgsqlDataSource(this IHostApplicationBuilder builder, string connectionName,
            Action<NpgsqlSettings>? configureSettings = null, Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder = null)
        {
            var settings = new NpgsqlSettings();
            builder.Configuration.GetSection("Aspire:Npgsql").Bind(settings);
            builder.Configuration.GetSection($"Aspire:Npgsql:{connectionName}").Bind(settings);
            settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
            configureSettings?.Invoke(settings);
            builder.Services.AddNpgsqlDataSource(settings.ConnectionString ?? throw new InvalidOperationException($"ConnectionStrings:{connectionName} is not set."),
                source => configureDataSourceBuilder?.Invoke(source));
            if (!settings.DisableHealthChecks)
                builder.Services.AddHealthChecks().AddCheck<NpgsqlCheck>("PostgreSql");
            if (!settings.DisableTracing)
                builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddNpgsql());
            if (!settings.DisableMetrics)
                builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("Npgsql"));
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A health check reports whatever went wrong.")]
    sealed class NpgsqlCheck(NpgsqlDataSource db) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
        {
            try
            {
                await using var command = db.CreateCommand("select 1");
                await command.ExecuteScalarAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (Exception e)
            {
                return new(context.Registration.FailureStatus, e.Message);
            }
        }
    }
}
