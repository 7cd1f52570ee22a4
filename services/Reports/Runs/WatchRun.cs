using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.Reports.Runs;

/// <summary>The run as it goes: at once, then after each change, at most three times a second, until it is finished or the session ends.</summary>
public static class WatchRun
{
    static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(300);

    public static void Map(RouteGroupBuilder runs) => runs.MapGet("/{id:guid}/events", Handle).WithName(nameof(WatchRun));

    static async Task<Results<ServerSentEventsResult<RunItem>, NotFound>> Handle(Guid id, ReportsDb db, IServiceScopeFactory scopes, DirectoryReplica directory,
        RunChanges changes, RevokedSessions revoked, Person person, CancellationToken cancel) =>
        await db.Find(id, person, directory.ReachOf(person), cancel) is null
            ? TypedResults.NotFound()
            : TypedResults.ServerSentEvents(Follow(id, scopes, directory, changes, revoked, person, cancel));

    static async IAsyncEnumerable<SseItem<RunItem>> Follow(Guid id, IServiceScopeFactory scopes, DirectoryReplica directory, RunChanges changes, RevokedSessions revoked, Person person, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested && !revoked.Contains(person.Session))
        {
            var changed = changes.Next(id);
            await using var scope = scopes.CreateAsyncScope();
            // Looked up anew each time: reach may have changed while the page was open.
            var reach = directory.ReachOf(person);
            if (await scope.ServiceProvider.GetRequiredService<ReportsDb>().Find(id, person, reach, cancel) is not { } run)
                yield break;
            yield return new(RunItem.Of(run, reach), "run");
            if (run.FinishedAt is not null)
                yield break;
            await Task.Delay(Breath, cancel);
            await changed.WaitAsync(TimeSpan.FromSeconds(15), cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

/// <summary>One database listener per instance wakes all who watch a run. A missed notice costs a watcher 15 s, never the end.</summary>
sealed class RunChanges(NpgsqlDataSource db, ILogger<RunChanges> log) : BackgroundService
{
    readonly ConcurrentDictionary<Guid, TaskCompletionSource> waiting = new();

    public Task Next(Guid run) => waiting.GetOrAdd(run, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                await using var listener = await db.OpenConnectionAsync(stoppingToken);
                listener.Notification += (_, notice) =>
                {
                    if (waiting.TryRemove(Guid.Parse(notice.Payload), out var watchers))
                        watchers.SetResult();
                };
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
}
