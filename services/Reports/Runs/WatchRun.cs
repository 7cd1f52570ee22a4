using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Reports.Runs;

/// <summary>
/// A run, or a page of the list, in progress: at once, then after each change, a few times a second at most, until all is finished or the
/// session ends.
/// </summary>
public static class WatchRun
{
    static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(300), IntervalPerAccount = TimeSpan.FromMilliseconds(1),
        LongestInterval = TimeSpan.FromSeconds(15);

    public static void Map(RouteGroupBuilder runs)
    {
        runs.MapGet("/{id:guid}/events", One).WithName(nameof(WatchRun));
        runs.MapGet("/events", Many).WithName("WatchRuns");
    }

    static async Task<Results<ServerSentEventsResult<RunItem>, NotFound>> One(
        Guid id, ReportsDb db, DirectoryReplica directory, Watching watching, Person person, CancellationToken cancel)
    {
        if (await db.Find(id, person, directory.ReachOf(person), cancel) is null)
            return TypedResults.NotFound();
        return TypedResults.ServerSentEvents(
            watching.Follow(id, person, Read, run => run.FinishedAt is not null, run => run.Accounts.Count, "run", cancel));

        async Task<RunItem?> Read(ReportsDb now, Reach reach) =>
            await now.Find(id, person, reach, cancel) is { } run ? RunItem.Of(run, reach) : null;
    }

    static Results<ServerSentEventsResult<CountedPage<RunItem>>, ValidationProblem> Many(
        [AsParameters] ListRuns.Filter filter,
        [AsParameters] PageQuery page,
        Watching watching,
        Person person,
        CancellationToken cancel)
    {
        if (ListRuns.Refused(filter, page) is { } refused)
            return refused;
        return TypedResults.ServerSentEvents(
            watching.Follow(null, person, Read, runs => runs.Items.All(run => run.FinishedAt is not null), runs =>
                runs.Items.Sum(run => run.Accounts.Count), "runs", cancel));

        async Task<CountedPage<RunItem>?> Read(ReportsDb now, Reach reach) => await ListRuns.Page(filter, page, now, person, reach, cancel);
    }

    internal sealed class Watching(IServiceScopeFactory scopes, DirectoryReplica directory, RunChanges changes, RevokedSessions revoked)
    {
        /// <param name="run">null: any.</param>
        /// <param name="look">Null if it can no longer be seen.</param>
        /// <param name="size">In accounts: large runs are sent less often, since each event contains everything.</param>
        public async IAsyncEnumerable<SseItem<T>> Follow<T>(
            Guid? run,
            Person person,
            Func<ReportsDb, Reach, Task<T?>> look,
            Func<T, bool> isOver,
            Func<T, int> size,
            string name,
            [EnumeratorCancellation] CancellationToken cancel) where T : class
        {
            while (!cancel.IsCancellationRequested && !revoked.Contains(person.Session))
            {
                using var changed = changes.Watch(run);
                await using var scope = scopes.CreateAsyncScope();
                // Reach is looked up each time: it may have changed while the page was open.
                if (await look(scope.ServiceProvider.GetRequiredService<ReportsDb>(), directory.ReachOf(person)) is not { } now)
                    yield break;
                yield return new(now, name);
                if (isOver(now))
                    yield break;
                await Task.Delay(ShortestInterval + size(now) * IntervalPerAccount, cancel);
                await changed.Task.WaitAsync(LongestInterval, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
