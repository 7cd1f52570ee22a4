using System.Collections.Concurrent;
using System.Diagnostics;
using EnterprisePortal.AppHost.Stores;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace EnterprisePortal.AppHost.Running;

/// <summary>
/// Does what Aspire leaves to people: restarts a crashed process, a little later each time; ends the run with exit code 1 and the reason if
/// a start fails; says "Ready" when everything is; stops the stores last; gives every process a log file.
/// </summary>
sealed class Supervisor(
    ResourceNotificationService notifications,
    ResourceCommandService commands,
    ResourceLoggerService logs,
    DistributedApplicationModel model,
    IHostApplicationLifetime lifetime,
    DistributedApplicationExecutionContext run,
    DataFolder data,
    Welcome welcome) : IHostedLifecycleService, IDisposable
{
    const int AttemptsToStart = 3;
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30), Settled = TimeSpan.FromSeconds(30);
    static readonly TimeSpan TimeToGetHealthy = TimeSpan.FromMinutes(5), TimeToStop = TimeSpan.FromSeconds(15);
    static readonly string[] Ended = [KnownResourceStates.Exited, KnownResourceStates.Finished, KnownResourceStates.FailedToStart];
    readonly ConcurrentDictionary<string, SupervisedProcess> processes = [];
    readonly CancellationTokenSource stopping = new(), stopped = new();
    readonly long began = Stopwatch.GetTimestamp();
    Task watching = Task.CompletedTask;
    bool ready;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        var leftOut = model.Resources.OfType<ProjectResource>().Where(LeftOut.Is);
        watching = Task.WhenAll([Task.Run(Watch, CancellationToken.None),
            .. leftOut.Select(project => LeftOut.WriteEnvironment(project, data, run, stopping.Token))]);
        return Task.CompletedTask;
    }

    async Task Watch()
    {
        try
        {
            await foreach (var seen in notifications.WatchAsync(stopping.Token))
                if (IsSupervised(seen.Resource))
                    See(processes.GetOrAdd(seen.ResourceId, _ => Found(seen.Resource, seen.ResourceId)), seen.Snapshot);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // From here on, processes are meant to end.
        }
    }

    static bool IsSupervised(IResource resource) => resource is ProjectResource or LocalPostgres or LocalRabbitMQ;

    SupervisedProcess Found(IResource resource, string id)
    {
        var number = processes.Values.Count(other => other.Resource == resource) + 1;
        var name = resource.GetReplicaCount() == 1 ? resource.Name : $"{resource.Name}-{number}";
        var process = new SupervisedProcess(resource, id, name, data);
        process.KeepLog(logs.WatchAsync(id), stopped.Token);
        return process;
    }

    void See(SupervisedProcess process, CustomResourceSnapshot now)
    {
        var state = now.State?.Text;
        if (state == KnownResourceStates.Running && process.Begins(now.StartTimeStamp))
            _ = ExpectHealth(process);
        if (state == KnownResourceStates.Stopping)
            process.IsStoppedByPerson = true;
        if (process.IsJob ? state == KnownResourceStates.Finished && now.ExitCode is 0 : now.HealthStatus is HealthStatus.Healthy)
            BecameReady(process);
        else if (state is not null && Ended.Contains(state) && process.Ends() && !process.IsStoppedByPerson
            && !lifetime.ApplicationStopping.IsCancellationRequested)
            _ = StartAgain(process,
                state == KnownResourceStates.FailedToStart ? "could not be started" : $"ended with exit code {now.ExitCode}");
    }

    void BecameReady(SupervisedProcess process)
    {
        if (process.IsReady)
            return;
        process.IsReady = true;
        var after = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Say($"{process.Name,-16} ready after {after,4:0.0} s{(process.IsJob ? $". {process.LastLogLine}" : "")}");
        if (!ready && Expected().All(IsReady))
        {
            ready = true;
            welcome.Say(Stopwatch.GetElapsedTime(began));
        }
    }

    bool IsReady(IResource resource) =>
        processes.Values.Count(process => process.Resource == resource && process.IsReady) == resource.GetReplicaCount();

    IEnumerable<IResource> Expected() => model.Resources.Where(resource => IsSupervised(resource) && !LeftOut.Is(resource));

    async Task StartAgain(SupervisedProcess process, string why)
    {
        try
        {
            var failures = process.Failed(Settled);
            if (!process.IsReady && failures >= AttemptsToStart)
            {
                Fail(process, why);
                return;
            }
            var pause = TimeSpan.FromSeconds(Math.Min(0.5 * Math.Pow(2, failures - 1), LongestPause.TotalSeconds));
            Say($"{process.Name} {why}; starting it again in {pause.TotalSeconds:0.#} s. Log: {process.Log}");
            await Task.Delay(pause, stopping.Token);
            await commands.ExecuteCommandAsync(process.Id, KnownResourceCommands.StartCommand, stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The run is ending; no restart is needed.
        }
    }

    // A health check that never turns green would hold up the start forever, in silence.
    async Task ExpectHealth(SupervisedProcess process)
    {
        try
        {
            await Task.Delay(TimeToGetHealthy, stopping.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        if (!process.IsReady && !process.IsJob)
            Fail(process, $"runs, but is not healthy after {TimeToGetHealthy.TotalMinutes:0} minutes");
    }

    void Fail(SupervisedProcess process, string why)
    {
        Console.Error.WriteLine(
            $"\nThe start failed: {process.Name} {why}. The end of {process.Log}:\n    {string.Join("\n    ", process.LogTail(20))}\n");
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }

    /// <summary>Stores last: services finish their writes and publish their messages before they end.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (stopping.IsCancellationRequested)
            return;
        Say("Stopping.");
        await stopping.CancelAsync();
        await StopAll(processes.Values.Where(process => process.Resource is ProjectResource), cancellationToken);
        await StopAll(processes.Values.Where(process => process.Resource is not ProjectResource), cancellationToken);
    }

    async Task StopAll(IEnumerable<SupervisedProcess> these, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(TimeToStop);
        try
        {
            // The command returns when the process has ended. We do not watch states here: Aspire stops reporting them when a start is
            // interrupted.
            await Task.WhenAll(these.Where(process => process.Runs)
                .Select(process => commands.ExecuteCommandAsync(process.Id, KnownResourceCommands.StopCommand, deadline.Token)));
        }
        catch (OperationCanceledException)
        {
            // Aspire stops the remaining processes.
        }
    }

    static void Say(string line) => Console.Out.WriteLine(line);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (stopped.IsCancellationRequested)
            return;
        await stopped.CancelAsync();
        await watching;
    }

    public void Dispose()
    {
        stopping.Dispose();
        stopped.Dispose();
    }
}
