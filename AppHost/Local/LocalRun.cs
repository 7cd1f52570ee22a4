using System.Diagnostics;
using System.Runtime.InteropServices;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace EnterprisePortal.Local;

/// <summary>One run of the map, from the lock on the data folder to the last process stopped.</summary>
sealed class LocalRun(IReadOnlyList<IResource> resources, IConfiguration settings, DataFolder data) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    readonly CancellationTokenSource stop = new();

    /// <returns>The exit code: 0 after Ctrl-C or SIGTERM, 1 where it could not start.</returns>
    public async Task<int> Run()
    {
        using var signals = new Signals(stop);
        var began = Stopwatch.GetTimestamp();
        try
        {
            await data.Take(stop.Token);
            Ports.Reserve(settings);
            using var reaper = new Reaper(data.LockFile);
            return await Run(reaper, began);
        }
        catch (StartRefused e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
        finally
        {
            data.Dispose();
        }
    }

    async Task<int> Run(Reaper reaper, long began)
    {
        var running = Plan(reaper);
        var all = running.Values.SelectMany(replicas => replicas).ToList();
        await using var dashboard = await Dashboard.Start(settings.GetValue<int>("Ports:Dashboard"), all);
        var shared = resources.OfType<ProjectResource>().Where(IsShared).Select(project => new SharedPort(project.Port!.Value, project.Addresses).Open()).ToList();
        Say($"Starting. Dashboard: {dashboard.Address}");

        using var stopStores = new CancellationTokenSource();
        var projects = all.OfType<RunningProject>().Select(project => project.Run(stop.Token)).ToList();
        var stores = all.Where(resource => resource is not RunningProject).Select(store => store.Run(stopStores.Token)).ToList();
        var exitCode = 0;
        try
        {
            await AllReady(all, stop.Token);
            await Console.Out.WriteLineAsync(Welcome.Text(settings, data, dashboard.Address, Stopwatch.GetElapsedTime(began)));
            await Task.Delay(Timeout.Infinite, stop.Token);
        }
        catch (ResourceFailed e)
        {
            await Console.Error.WriteLineAsync($"\nThe start failed: {e.Message}\n");
            exitCode = 1;
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C, or the like.
        }

        // Stores last: services write and publish what they have in hand before they end.
        Say("Stopping.");
        await stop.CancelAsync();
        await Task.WhenAll(projects);
        await stopStores.CancelAsync();
        await Task.WhenAll(stores);
        foreach (var port in shared)
            await port.DisposeAsync();
        return exitCode;
    }

    Dictionary<IResource, RunningResource[]> Plan(Reaper reaper)
    {
        var running = new Dictionary<IResource, RunningResource[]>();
        foreach (var resource in resources)
            if (resource is PostgresServerResource postgres)
                running[postgres] = [new RunningPostgres(postgres, settings.GetConnectionString(postgres.Name), data, reaper, Say)];
            else if (resource is RabbitMQServerResource rabbit)
                running[rabbit] = [new RunningRabbitMQ(rabbit, settings.GetConnectionString(rabbit.Name), data, reaper, Say)];
            else if (resource is ProjectResource project)
                running[project] = Replicas(project, reaper);
        foreach (var project in resources.OfType<ProjectResource>())
            foreach (var replica in running[project])
                replica.WaitsFor.AddRange(project.WaitsFor.SelectMany(other => running[other]));
        return running;
    }

    RunningProject[] Replicas(ProjectResource project, Reaper reaper)
    {
        for (var replica = 0; replica < project.Addresses.Length; replica++)
            project.Addresses[replica] = project.Port is { } port && !IsShared(project) ? new($"http://localhost:{port}") : new($"http://127.0.0.1:{FreePort.Next()}");
        return [.. Enumerable.Range(0, project.Addresses.Length).Select(replica =>
            new RunningProject(project, replica, data.NewLog(RunningProject.NameOf(project, replica)), reaper, Say))];
    }

    static bool IsShared(ProjectResource project) => project.Port is not null && project.Addresses.Length > 1;

    static async Task AllReady(List<RunningResource> all, CancellationToken stop)
    {
        var waiting = all.ToDictionary(resource => resource.Ready, resource => resource);
        while (waiting.Count > 0)
        {
            var next = await Task.WhenAny(waiting.Keys.Append(Task.Delay(Patience, stop)));
            if (!waiting.Remove(next, out var resource))
            {
                stop.ThrowIfCancellationRequested();
                foreach (var slow in waiting.Values.Where(slow => slow.State != State.Waiting))
                    Say($"Still waiting for {slow.Name}: {slow.Problem ?? slow.State.ToString()}. Log: {slow.Log}");
                continue;
            }
            await next;
            Say($"{resource.Name,-16} ready after {resource.ReadyAfter!.Value.TotalSeconds,4:0.0} s{(resource.State == State.Completed ? $". {resource.LastWords()}" : "")}");
        }
    }

    public void Dispose() => stop.Dispose();

    static void Say(string line) => Console.Out.WriteLine(line);

    /// <summary>Ctrl-C, TERM, HUP and QUIT stop in good order; also the end of a <c>dotnet run</c> that was killed and could not pass it on.</summary>
    sealed class Signals : IDisposable
    {
        readonly List<PosixSignalRegistration> registered;
        readonly Timer? parent;

        public Signals(CancellationTokenSource stop)
        {
            registered = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT }
                .Select(signal => PosixSignalRegistration.Create(signal, context => { context.Cancel = true; stop.CancelAsync(); }))];
            if (Environment.GetEnvironmentVariable("DOTNET_LAUNCH_PROFILE") is null)
                return;
            var started = Unix.Parent();
            parent = new(_ => { if (Unix.Parent() != started) stop.CancelAsync(); }, null, 500, 500);
        }

        public void Dispose()
        {
            registered.ForEach(signal => signal.Dispose());
            parent?.Dispose();
        }
    }
}
