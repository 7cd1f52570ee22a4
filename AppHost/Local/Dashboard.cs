using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EnterprisePortal.Local;

/// <summary>For operators, on loopback only: resources, state, health, endpoints, restarts, live logs. It shows and changes nothing.</summary>
sealed class Dashboard(WebApplication app, Uri address) : IAsyncDisposable
{
    static readonly JsonSerializerOptions json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    public Uri Address => address;

    public static async Task<Dashboard> Start(int port, IReadOnlyList<RunningResource> resources)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        builder.Services.AddRoutingCore();
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.Converters.Add(json.Converters[0]));
        // A page elsewhere whose name was pointed at 127.0.0.1 must not read logs.
        builder.Services.Configure<HostFilteringOptions>(hosts => hosts.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]);
        var app = builder.Build();
        app.UseHostFiltering();
        app.Use(async (http, next) =>
        {
            http.Response.Headers.ContentSecurityPolicy = "default-src 'self'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'";
            http.Response.Headers.XContentTypeOptions = "nosniff";
            await next(http);
        });
        foreach (var (path, file, type) in new[] { ("/", "index.html", "text/html"), ("/dashboard.css", "dashboard.css", "text/css"), ("/dashboard.js", "dashboard.js", "text/javascript") })
            app.MapGet(path, () => TypedResults.Stream(typeof(Dashboard).Assembly.GetManifestResourceStream(file)!, $"{type}; charset=utf-8"));

        app.MapGet("/health", () => resources.All(IsWell) ? Results.Text("Healthy") : Results.Text("Unhealthy", statusCode: StatusCodes.Status503ServiceUnavailable));
        app.MapGet("/api/resources", () => TypedResults.Json(resources.Select(Item), json));
        app.MapGet("/api/resources/events", (CancellationToken left) => TypedResults.ServerSentEvents(Changes(resources, left)));
        app.MapGet("/api/resources/{name}/log", (string name, CancellationToken left) => resources.FirstOrDefault(resource => resource.Name == name) is { } found
            ? Results.ServerSentEvents(LogTail.Follow(found.Log, left)) : Results.NotFound());
        await app.StartAsync();
        return new(app, new($"http://localhost:{port}/"));
    }

    static bool IsWell(RunningResource resource) => resource.State == State.Completed || resource is { State: State.Running, Healthy: not false, Ready.IsCompletedSuccessfully: true };

    static object Item(RunningResource resource) => new
    {
        resource.Name, resource.Kind, resource.State, resource.Healthy, resource.Problem, endpoints = resource.Addresses, resource.Restarts, resource.ProcessId,
        waitsFor = resource.WaitsFor.Where(other => !other.Ready.IsCompletedSuccessfully).Select(other => other.Name),
        readyAfterSeconds = resource.ReadyAfter?.TotalSeconds, log = $"/api/resources/{resource.Name}/log"
    };

    static async IAsyncEnumerable<string> Changes(IReadOnlyList<RunningResource> resources, [EnumeratorCancellation] CancellationToken left)
    {
        for (var sent = ""; !left.IsCancellationRequested; await Task.Delay(Look, left))
        {
            var now = JsonSerializer.Serialize(resources.Select(Item), json);
            if (now != sent)
                yield return sent = now;
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
