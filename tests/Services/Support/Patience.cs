using System.Diagnostics;

namespace EnterprisePortal.Tests.Support;

public static class Patience
{
    /// <summary>For what comes true by itself and is announced to nobody.</summary>
    public static async Task Eventually(Func<Task<bool>> condition, TimeSpan? within = null)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < (within ?? TimeSpan.FromSeconds(15)), "It did not come true.");
            await Task.Delay(20);
        }
    }

    public static Task Eventually(Func<bool> condition, TimeSpan? within = null) => Eventually(() => Task.FromResult(condition()), within);
}
