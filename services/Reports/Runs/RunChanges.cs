using System.Collections.Concurrent;
using EnterprisePortal.ServiceDefaults.Background;
using Npgsql;

namespace EnterprisePortal.Reports.Runs;

/// <summary>
/// One database listener per instance wakes everybody who watches a run. A missed notice delays a watcher by some seconds, but never loses
/// the end.
/// </summary>
sealed class RunChanges(NpgsqlDataSource db, TimeProvider clock, ILogger<RunChanges> log)
    : BackgroundLoop(TimeSpan.FromMinutes(1), clock, log, new(db, "run_changed"))
{
    readonly ConcurrentDictionary<Watcher, Guid?> watchers = new();

    /// <summary>From now until its first change, or its disposal.</summary>
    /// <param name="run">null: any.</param>
    public Watcher Watch(Guid? run)
    {
        var watcher = new Watcher(this);
        watchers[watcher] = run;
        return watcher;
    }

    public sealed class Watcher(RunChanges changes) : IDisposable
    {
        readonly TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task => changed.Task;

        internal void Changed() => changed.TrySetResult();

        public void Dispose() => changes.watchers.TryRemove(this, out _);
    }

    /// <summary>Only the notices matter.</summary>
    protected override Task Round(CancellationToken stop) => Task.CompletedTask;

    protected override void Heard(string payload)
    {
        var run = Guid.Parse(payload);
        foreach (var (watcher, watched) in watchers)
            if (watched is null || watched == run)
                watcher.Changed();
    }
}
