using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace EnterprisePortal.Tests.EndToEnd.Support;

/// <summary>The whole system from the AppHost's map, in this process.</summary>
public sealed class HostedPortal : IAsyncDisposable
{
    // It takes seconds on an idle machine; this allows for busy ones.
    static readonly TimeSpan ToStart = TimeSpan.FromMinutes(6);
    readonly DistributedApplication app;

    HostedPortal(DistributedApplication app) => this.app = app;

    /// <param name="settings">Settings of the AppHost: <c>Demo:Families=60</c>.</param>
    public static async Task<HostedPortal> Start(World world, params string[] settings)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [.. world.Settings, .. settings.Select(setting => $"--{setting}")]);
        // Every process writes its own log, which stays in TestResults.
        builder.Services.AddLogging(logging => logging.ClearProviders());
        var portal = new HostedPortal(await builder.BuildAsync());
        using var deadline = new CancellationTokenSource(ToStart);
        await portal.app.StartAsync(deadline.Token);
        // The map starts it last: when it has finished, the demo world is imported.
        await portal.app.ResourceNotifications.WaitForResourceAsync("import", KnownResourceStates.Finished, deadline.Token);
        Assert.Equal((world.Portal, world.Office),
            (portal.app.GetEndpoint("gateway", "http"), portal.app.GetEndpoint("officeportal", "http")));
        return portal;
    }

    public Task<string?> ConnectionString(string database) => app.GetConnectionStringAsync($"{database}-db").AsTask();

    /// <summary>Every process that should run, with its present process id.</summary>
    public async Task<IReadOnlyDictionary<string, int>> Processes()
    {
        var names = app.Services.GetService(typeof(DistributedApplicationModel)) is DistributedApplicationModel model
            ? model.Resources.Where(resource => resource.Name is "postgres" or "messaging"
                || resource is ProjectResource && resource.Name != "import").Select(resource => resource.Name)
            : [];
        var found = new Dictionary<string, int>();
        foreach (var name in names)
            found[name] = await Process(name);
        return found;
    }

    public async Task<int> Process(string name) =>
        Id((await app.ResourceNotifications.WaitForResourceAsync(name, seen => Id(seen.Snapshot) is not null)).Snapshot)!.Value;

    /// <summary><c>kill -9</c> of a service, or of the server that a store's script runs.</summary>
    /// <returns>The id of the killed process, for <see cref="Restarted"/>.</returns>
    public async Task<int> Kill(string name)
    {
        var process = await Process(name);
        using var kill = System.Diagnostics.Process.Start("/bin/sh", ["-c", name is "postgres" or "messaging"
            ? $"kill -s KILL $(pgrep -P {process} -f 'bin/postgres|beam.smp')" : $"kill -s KILL {process}"]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
        return process;
    }

    public async Task Restarted(string name, int killed)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await app.ResourceNotifications.WaitForResourceAsync(name,
            seen => Id(seen.Snapshot) is { } process && process != killed && seen.Snapshot.HealthStatus == HealthStatus.Healthy,
            deadline.Token);
    }

    static int? Id(CustomResourceSnapshot snapshot) =>
        snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value as int?;

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
