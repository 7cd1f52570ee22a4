using System.Diagnostics;
using System.Net.Http.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Http;

namespace EnterprisePortal.Benchmarks;

/// <summary>A call with 300 accounts in reach, three of which take 5 s: against a bare parallel loop over the 297 others.</summary>
static class PhoneBenchmark
{
    const int Dead = 3, Fastest = 5, Slowest = 30, CallsForMemory = 1000, MostAtOnce = 10;
    const string Call = "api/search/phone/%2B15125550101?checks=false";

    static TimeSpan Delay(int account) => account < Dead ? TimeSpan.FromSeconds(5)
        : TimeSpan.FromMilliseconds(Fastest + (Slowest - Fastest) * (account - Dead) / (World.Accounts - Dead - 1));

    public static async Task Run()
    {
        await using var world = await World.Start(Delay);
        using var portal = world.Search.Client();
        using var bare = new HttpClient(new SocketsHttpHandler());
        string[] healthy =
            [.. world.Directory.Skip(Dead).Select(account => $"{account.BaseUrl}/api/enterprise/v1/families?phone=%2B15125550101")];
        await world.TokensAreWarm();

        var (first, found) = await Ask();
        var (second, _) = await Ask();
        Table.Print("The first calls, three accounts dead", ["", "ms", "not answering"],
        [
            ["first call", $"{first:0}", string.Join(' ', found!.Unanswered)],
            ["second call", $"{second:0}", "as before"]
        ]);

        await At(10, 50, BareLoop); // warm
        await At(10, 50, Portal);
        var rows = new List<string[]>();
        foreach (var (rate, calls) in ((int, int)[])[(1, 15), (10, 150)])
        {
            var (loop, ours) = (await At(rate, calls, BareLoop), await At(rate, calls, Portal));
            rows.Add(Row($"{rate}/s", loop, ours));
        }
        Table.Print($"Time to the last healthy answer (slowest account {Slowest} ms)",
            ["calls", "bare p50", "bare p95", "portal p50", "portal p95", "p50 ratio", "p95 ratio", "bare / slowest", "portal / slowest",
                "bare CPU ms", "portal CPU ms", "CPU ratio"], rows);

        var megabytes = new List<double>();
        for (var thousand = 1; thousand <= 3; thousand++)
        {
            for (var calls = 0; calls < CallsForMemory; calls += 4)
                await Task.WhenAll(Portal(), Portal(), Portal(), Portal());
            megabytes.Add(Megabytes());
        }
        Table.Print("Memory", ["calls", "MB", "ratio"],
            megabytes.Select((mb, at) => (string[])[$"{CallsForMemory * (at + 1):N0}", $"{mb:0.0}", $"{mb / megabytes[0]:0.00}"]));

        async Task<(double, Caller?)> Ask()
        {
            var started = Stopwatch.GetTimestamp();
            var caller = await portal.GetFromJsonAsync<Caller>(Call);
            return (Stopwatch.GetElapsedTime(started).TotalMilliseconds, caller);
        }

        Task Portal() => Ask();

        Task BareLoop() => Task.WhenAll(healthy.Select(url => bare.GetFromJsonAsync<LiveFamilies>(url)));
    }

    /// <summary>Calls come when they come, whether or not the one before has been answered.</summary>
    static async Task<Measured> At(int rate, int calls, Func<Task> call)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var ringing = new List<Task<double>>();
        using var clock = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / rate));
        for (var number = 0; number < calls; number++)
        {
            ringing.Add(Timed(call));
            // A machine that cannot keep up at all gets its calls later, or it would drown in them.
            while (ringing.Count(one => !one.IsCompleted) >= MostAtOnce)
                await Task.WhenAny(ringing.Where(one => !one.IsCompleted));
            await clock.WaitForNextTickAsync();
        }
        return new(await Task.WhenAll(ringing), (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / calls);
    }

    static async Task<double> Timed(Func<Task> call)
    {
        var started = Stopwatch.GetTimestamp();
        await call();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    /// <param name="Cpu">Of all that is in this process, the accounts' stand-ins included, for a call: says something on a busy machine as
    /// well.</param>
    sealed record Measured(double[] Times, double Cpu)
    {
        public double At(double part) => Times.At(part);
    }

    static string[] Row(string name, Measured bare, Measured portal) =>
    [
        name, $"{bare.At(.5):0.0}", $"{bare.At(.95):0.0}", $"{portal.At(.5):0.0}", $"{portal.At(.95):0.0}",
        $"{portal.At(.5) / bare.At(.5):0.00}", $"{portal.At(.95) / bare.At(.95):0.00}", $"{bare.At(.5) / Slowest:0.00}",
        $"{portal.At(.5) / Slowest:0.00}",
        $"{bare.Cpu:0.0}", $"{portal.Cpu:0.0}", $"{portal.Cpu / bare.Cpu:0.00}"
    ];

    static double Megabytes() => GC.GetTotalMemory(forceFullCollection: true) / 1e6;
}
