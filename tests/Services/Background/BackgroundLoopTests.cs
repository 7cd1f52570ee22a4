using System.Diagnostics;
using EnterprisePortal.ServiceDefaults.Background;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace EnterprisePortal.Tests.Background;

public class BackgroundLoopTests
{
    readonly FakeLogger log = new();

    sealed class Loop(TimeSpan interval, ILogger log, Func<int, Task> round) : BackgroundLoop(interval, TimeProvider.System, log)
    {
        volatile int rounds;

        public int Rounds => rounds;

        protected override Task Round(CancellationToken stop) => round(Interlocked.Increment(ref rounds)).WaitAsync(stop);
    }

    [Fact]
    public async Task A_fault_of_ours_is_told_with_its_stack_and_the_loop_goes_on_a_little_later()
    {
        var began = Stopwatch.GetTimestamp();
        using var loop = new Loop(TimeSpan.FromMilliseconds(1), log, number => number < 3
            ? throw new FormatException("ours") : Task.CompletedTask);

        await loop.StartAsync(TestContext.Current.CancellationToken);
        await Eventually(() => loop.Rounds > 3);

        // One second after the first fault, two after the second.
        Assert.True(Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(2.9));
        Assert.Equal(2, Told.Count);
        Assert.All(Told, record =>
        {
            Assert.Equal(LogLevel.Error, record.Level);
            Assert.Contains("BackgroundLoopTests", Assert.IsType<FormatException>(record.Exception).StackTrace, StringComparison.Ordinal);
        });
        await loop.StopAsync(TestContext.Current.CancellationToken);
        Assert.True(loop.ExecuteTask!.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task What_is_expected_to_go_wrong_is_said_once_in_a_sentence()
    {
        using var loop = new Loop(TimeSpan.FromMilliseconds(1), log, number => number < 3
            ? throw new InvalidOperationException("wrapped", new HttpRequestException("Nobody answers.")) : Task.CompletedTask);

        await loop.StartAsync(TestContext.Current.CancellationToken);
        await Eventually(() => loop.Rounds > 3);
        await loop.StopAsync(TestContext.Current.CancellationToken);

        var warning = Assert.Single(Told);
        Assert.Equal((LogLevel.Warning, null, "loop waits: Nobody answers."), (warning.Level, warning.Exception, warning.Message));
    }

    [Fact]
    public async Task A_loop_that_is_woken_during_its_round_has_another_at_once()
    {
        var busy = new TaskCompletionSource();
        using var loop = new Loop(TimeSpan.FromHours(1), log, number => number == 1 ? busy.Task : Task.CompletedTask);
        await loop.StartAsync(TestContext.Current.CancellationToken);
        await Eventually(() => loop.Rounds == 1);

        loop.Wake();
        busy.SetResult();

        await Eventually(() => loop.Rounds == 2);
        await loop.StopAsync(TestContext.Current.CancellationToken);
        Assert.Empty(Told);
    }

    [Theory]
    [InlineData(1, 1), InlineData(2, 2), InlineData(4, 8), InlineData(7, 60), InlineData(100_000, 60)]
    public void The_pause_grows_up_to_its_limit(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)).After(failures));

    IReadOnlyList<FakeLogRecord> Told => log.Collector.GetSnapshot();
}
