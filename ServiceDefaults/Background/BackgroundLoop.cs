using EnterprisePortal.ServiceDefaults.Observability;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.Background;

/// <summary>A PostgreSQL LISTEN on the loop's own connection, which is reopened when it breaks.</summary>
public sealed record Notices(NpgsqlDataSource Db, string Channel);

/// <summary>
/// The one shape of background work: a round at the start, then one at each interval, or as soon as the loop is woken. An expected problem
/// (<see cref="ExpectedProblems"/>) is logged once, as a warning, and the next round comes after the interval. Any other exception is
/// logged as an error with its stack, and the pause grows with each one. Only the end of the host ends the loop.
/// </summary>
/// <param name="wokenBy">null: only the interval and <see cref="Wake"/> start a round.</param>
public abstract class BackgroundLoop(TimeSpan interval, TimeProvider clock, ILogger log, Notices? wokenBy = null) : BackgroundService
{
    protected TimeProvider Clock { get; } = clock;
    protected ILogger Log { get; } = log;

    static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromMinutes(1);
    readonly TimeSpan pause = TimeSpan.FromTicks(Math.Clamp(interval.Ticks, ShortestPause.Ticks, LongestPause.Ticks));
    readonly TimeSpan longestPause = interval > LongestPause ? interval : LongestPause;
    readonly Lock waking = new();
    TaskCompletionSource woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When a round last went well, and why none has since.</summary>
    internal (DateTimeOffset? LastRun, string? Problem) State { get; private set; }

    /// <summary>Rounds that run side by side.</summary>
    protected virtual int Workers => 1;

    /// <summary>Does all the work there is to do now.</summary>
    protected abstract Task Round(CancellationToken stop);

    /// <summary>For work that has just arisen in this process. During a round, it causes another round.</summary>
    public void Wake()
    {
        lock (waking)
            woken.TrySetResult();
    }

    /// <summary>Called before the round that the notice wakes.</summary>
    protected virtual void Heard(string payload) { }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Repeat(stoppingToken)));

    async Task Repeat(CancellationToken stop)
    {
        var (failures, told) = (0, default(string));
        while (!stop.IsCancellationRequested)
            try
            {
                await using var listener = wokenBy is null ? null : await wokenBy.Db.OpenConnectionAsync(stop);
                if (listener is not null)
                    await Listen(listener, wokenBy!.Channel, stop);
                while (true)
                {
                    var wake = Woken();
                    await Round(stop);
                    (failures, told) = (0, null);
                    State = (Clock.GetUtcNow(), null);
                    if (listener is null)
                        await wake.WaitAsync(interval, Clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    else
                        await listener.WaitAsync(interval, stop);
                    stop.ThrowIfCancellationRequested();
                }
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                var rest = pause;
                State = (State.LastRun, ExpectedProblems.Sentence(e) ?? e.Message);
                if (ExpectedProblems.Sentence(e) is not { } problem)
                {
                    rest = new Backoff(pause, longestPause).After(++failures);
                    Log.LogError(e, "{Work} failed; again in {Seconds} s.", Name, (int)rest.TotalSeconds);
                }
                else if (told != problem)
                    Log.LogWarning("{Work} waits: {Problem}", Name, told = problem);
                await Task.Delay(rest, Clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
    }

    async Task Listen(NpgsqlConnection listener, string channel, CancellationToken stop)
    {
        listener.Notification += (_, notice) => Heard(notice.Payload);
        await using var listen = new NpgsqlCommand($"listen {channel}", listener);
        await listen.ExecuteNonQueryAsync(stop);
    }

    Task Woken()
    {
        lock (waking)
        {
            if (woken.Task.IsCompleted)
                woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return woken.Task;
        }
    }

    /// <summary><c>follow accounts</c></summary>
    internal string Name => SpanNames.InWords(GetType().Name);
}
