using System.Collections.Concurrent;
using System.Text;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace EnterprisePortal.Tests.Hostile;

/// <summary>What its processes log, trace and measure goes to a collector.</summary>
public sealed class WatchedPortal(Servers servers) : WholePortal(servers)
{
    public Collector Collector { get; } = new();

    public override async ValueTask InitializeAsync()
    {
        await Collector.Start();
        foreach (var settings in Settings)
            Collector.Collect(settings);
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Collector.DisposeAsync();
    }
}

/// <summary>Where telemetry ends: an OTLP collector that keeps what it is sent, logs, traces and metrics alike.</summary>
public sealed class Collector : IAsyncDisposable
{
    readonly ConcurrentBag<(string Kind, byte[] Sent)> kept = [];
    WebApplication app = null!;

    public string Url => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public async Task Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapPost("/v1/{kind}", async (string kind, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            kept.Add((kind, body.ToArray()));
        });
        await app.StartAsync();
    }

    /// <summary>As Aspire sets them, with the redaction of query strings off.</summary>
    public void Collect(Dictionary<string, string> settings)
    {
        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = Url;
        settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        settings["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION"] = "true";
        settings["OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION"] = "true";
    }

    /// <summary>All of it that the processes have to say by now.</summary>
    public static void Flush(IEnumerable<IServiceProvider> processes)
    {
        foreach (var process in processes)
        {
            process.GetRequiredService<TracerProvider>().ForceFlush();
            process.GetRequiredService<MeterProvider>().ForceFlush();
            process.GetRequiredService<LoggerProvider>().ForceFlush();
        }
    }

    /// <returns>What surrounds each place where the text stands.</returns>
    public IEnumerable<string> Find(string text)
    {
        var sought = Encoding.UTF8.GetBytes(text);
        foreach (var (kind, sent) in kept)
            for (var at = sent.AsSpan().IndexOf(sought); at >= 0;)
            {
                var (from, to) = (Math.Max(0, at - 300), Math.Min(sent.Length, at + 100));
                yield return $"{kind}: …{Encoding.Latin1.GetString(sent[from..to])}…";
                var next = sent.AsSpan(at + sought.Length).IndexOf(sought);
                at = next < 0 ? -1 : at + sought.Length + next;
            }
    }

    public int Kept(string kind) => kept.Count(one => one.Kind == kind);

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
