using System.Diagnostics;

namespace EnterprisePortal.Local;

enum State { Waiting, Starting, Running, Completed, Restarting, Failed, Stopped }

/// <summary>A resource that could not start. <see cref="Exception.Message"/> shows the end of its log.</summary>
sealed class ResourceFailed(RunningResource resource, string why) : Exception($"{resource.Name} {why}")
{
    public RunningResource Resource => resource;
}

/// <summary>
/// One process of the system from waiting to stopped. Until it has been ready once, three failures fail it and everything that waits
/// for it; after that it is started again for ever, each time a little later.
/// </summary>
abstract class RunningResource(string name, string kind, string log, Action<string> say)
{
    const int AttemptsToStart = 3;
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Settled = TimeSpan.FromSeconds(30);
    readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly long created = Stopwatch.GetTimestamp();

    public string Name => name;
    public string Kind => kind;
    public string Log => log;
    public State State { get; private set; }
    /// <summary>Null: there is no check, or nobody has asked yet.</summary>
    public bool? Healthy { get; private set; }
    public string? Problem { get; private set; }
    public int Restarts { get; private set; }
    public int? ProcessId { get; protected set; }
    public IReadOnlyList<Uri> Addresses { get; protected init; } = [];
    public List<RunningResource> WaitsFor { get; } = [];

    /// <summary>Healthy for the first time, or completed where it is a job. Faults with <see cref="ResourceFailed"/>.</summary>
    public Task Ready => ready.Task;
    public TimeSpan? ReadyAfter { get; private set; }

    /// <summary>Starts the process, stays until it ends (or ends it on <paramref name="stop"/>), and says how it ended; null: its work is done.</summary>
    protected abstract Task<string?> RunOnce(CancellationToken stop);

    public async Task Run(CancellationToken stop)
    {
        try
        {
            await Task.WhenAll(WaitsFor.Select(other => other.Ready)).WaitAsync(stop);
            for (var failures = 0; ; failures++)
            {
                State = State.Starting;
                var began = Stopwatch.GetTimestamp();
                Problem = await Attempt(stop);
                (ProcessId, Healthy) = (null, Problem is null ? Healthy : false);
                if (Problem is null)
                {
                    State = State.Completed;
                    BecameReady();
                    return;
                }
                if (!Ready.IsCompleted && failures + 1 >= AttemptsToStart)
                    throw new ResourceFailed(this, $"did not start: {Problem}. The end of {Log}:\n    {string.Join("\n    ", Tail(20))}");
                if (Stopwatch.GetElapsedTime(began) > Settled)
                    failures = 0;
                var pause = TimeSpan.FromSeconds(Math.Min(0.5 * Math.Pow(2, failures), LongestPause.TotalSeconds));
                say($"{Name} {Problem}; starting it again in {pause.TotalSeconds:0.#} s. Log: {Log}");
                State = State.Restarting;
                await Task.Delay(pause, stop);
                Restarts++;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            State = State.Stopped;
            ready.TrySetCanceled(stop);
        }
        catch (ResourceFailed e)
        {
            State = State.Failed;
            Problem ??= $"waits for {e.Resource.Name}, which failed";
            ready.TrySetException(e);
        }
        catch (Exception e)
        {
            // A fault of this file, not of the resource; whoever waits must not wait for ever.
            ready.TrySetException(e);
            throw;
        }
        finally
        {
            ProcessId = null;
        }
    }

    async Task<string?> Attempt(CancellationToken stop)
    {
        try
        {
            var ended = await RunOnce(stop);
            stop.ThrowIfCancellationRequested();
            return ended;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or System.ComponentModel.Win32Exception or System.Data.Common.DbException)
        {
            return e.Message;
        }
    }

    protected void Runs() => State = State.Running;

    protected void Is(bool healthy, string? problem = null)
    {
        (Healthy, Problem) = (healthy, problem);
        if (healthy)
            BecameReady();
    }

    void BecameReady()
    {
        ReadyAfter ??= Stopwatch.GetElapsedTime(created);
        ready.TrySetResult();
    }

    /// <summary>What a job came to.</summary>
    public string LastWords() => Tail(1).FirstOrDefault("");

    string[] Tail(int lines)
    {
        try
        {
            return [.. File.ReadLines(Log).TakeLast(lines)];
        }
        catch (IOException)
        {
            return ["(there is no log)"];
        }
    }
}
