using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace EnterprisePortal.ServiceDefaults.Observability;

static class Telemetry
{
    internal const string Source = "EnterprisePortal";

    internal static void AddTelemetry(this WebApplicationBuilder builder)
    {
        // The framework's own request lines include query strings, and those can contain names and phone numbers.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        builder.Logging.AddFilter("Npgsql", LogLevel.Warning); // one line per command otherwise
        builder.Logging.AddFilter("Polly", LogLevel.Warning); // two per call
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        // Without scopes: a request's scope includes its path, and paths contain numbers, e-mails and ids.
        builder.Logging.AddOpenTelemetry();

        builder.Services.AddSingleton<PortalMetrics>();
        // ASP.NET Core decides which trace a request belongs to, in the gateway by rules of its own; baggage from outside never travels.
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddAttributes(Release.Attributes))
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation()
                .AddMeter("MassTransit", Source))
            .WithTracing(tracing => tracing
                .AddSource(builder.Environment.ApplicationName, "MassTransit", Source)
                .SetSampler<SampleWork>()
                .AddAspNetCoreInstrumentation(web =>
                {
                    web.Filter = http => http.Request.Path != "/health" && http.Request.Path != "/alive";
                    // Each of a page's own spans would begin a trace beside the request's.
                    web.EnableRazorComponentsSupport = false;
                    web.EnrichWithHttpResponse = SpanNames.OfRequest;
                })
                .AddHttpClientInstrumentation(calls => calls.EnrichWithHttpRequestMessage = SpanNames.OfCall)
                .AddProcessor<SpanNames>()
                .AddProcessor(new KeepValuesOut()));
        if (!string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            telemetry.UseOtlpExporter();
        else
            // Trace ids still travel from service to service; no span is recorded, since nobody would read it.
            telemetry.WithTracing(tracing => tracing.SetSampler<AlwaysOffSampler>());
    }
}
