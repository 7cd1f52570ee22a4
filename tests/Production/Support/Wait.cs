using System.Diagnostics;

namespace EnterprisePortal.Tests.Production.Support;

static class Wait
{
    /// <summary>For a condition that becomes true by itself and is not announced.</summary>
    public static async Task Eventually(Func<Task<bool>> condition, string otherwise, TimeSpan? within = null)
    {
        for (var began = Stopwatch.GetTimestamp(); !await condition(); await Task.Delay(200))
            Assert.True(Stopwatch.GetElapsedTime(began) < (within ?? TimeSpan.FromMinutes(1)), otherwise);
    }

    public static Task Eventually(Func<bool> condition, string otherwise, TimeSpan? within = null) =>
        Eventually(() => Task.FromResult(condition()), otherwise, within);
}
