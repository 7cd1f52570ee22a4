using System.Diagnostics;

namespace EnterprisePortal.Tests.Support;

public static class Patience
{
    /// <summary>How soon is not for these tests to say: they share a machine with each other, and a busy one is no fault.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>For what comes true by itself and is announced to nobody.</summary>
    public static async Task Eventually(Func<Task<bool>> condition)
    {
        for (var began = Stopwatch.GetTimestamp(); !await condition(); await Task.Delay(20))
            Assert.True(Stopwatch.GetElapsedTime(began) < Limit, "It did not come true.");
    }

    public static Task Eventually(Func<bool> condition) => Eventually(() => Task.FromResult(condition()));
}
