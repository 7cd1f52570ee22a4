using System.Diagnostics;

namespace EnterprisePortal.Tests.Support;

public static class Wait
{
    /// <summary>These tests do not assert speed: they share a machine with each other, and a busy one is not a failure.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>For a condition that becomes true by itself and is not announced.</summary>
    public static async Task Eventually(Func<Task<bool>> condition)
    {
        for (var began = Stopwatch.GetTimestamp(); !await condition(); await Task.Delay(20))
            Assert.True(Stopwatch.GetElapsedTime(began) < Limit, "It did not come true.");
    }

    public static Task Eventually(Func<bool> condition) => Eventually(() => Task.FromResult(condition()));
}
