using System.Collections.Concurrent;
using Npgsql;

namespace EnterprisePortal.Reports.Runs;

/// <summary>One database listener per instance wakes all who watch a run. A missed notice costs a watcher some seconds, never the end.</summary>
sealed class RunChanges(NpgsqlDataSource db, ILogger<RunChanges> log) : BackgroundService
{
    readonly ConcurrentDictionary<Watcher, Guid?> watchers = new();

    /// <summary>From now to its first change, or its disposal.</summary>
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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                await using var listener = await db.OpenConnectionAsync(stoppingToken);
                listener.Notification += (_, notice) => Tell(Guid.Parse(notice.Payload));
                await using (var listen = new NpgsqlCommand("listen run_changed", listener))
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                while (true)
                    await listener.WaitAsync(stoppingToken);
            }
            catch (NpgsqlException e)
            {
                log.LogWarning("Progress is told late for a moment: {Problem}", e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
    }

    void Tell(Guid run)
    {
        foreach (var (watcher, watched) in watchers)
            if (watched is null || watched == run)
                watcher.Changed();
    }
}
