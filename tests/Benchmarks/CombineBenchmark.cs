using System.Diagnostics;

namespace EnterprisePortal.Benchmarks;

/// <summary>One CSV, one workbook, one ZIP of 300 accounts with 10,000 rows each, against a tenth of the rows: what Reports holds in memory
/// meanwhile.</summary>
static class CombineBenchmark
{
    const int Accounts = 300;

    public static async Task Run()
    {
        await using var world = await FanoutWorld.Start();
        await world.Run(); // warm
        var rows = new List<string[]>();
        var first = new Dictionary<string, double>();
        foreach (var each in new[] { 1_000, 10_000 })
        {
            world.Rows = each;
            var (run, collected) = await Measured(world, async () => (await world.Run()).Run);
            rows.Add(Row("collected", each, collected, collected.Megabytes));
            foreach (var (name, file) in new[] { ("one CSV", "combined.csv"), ("one workbook", "combined.xlsx"), ("ZIP", "files.zip") })
            {
                var (bytes, taken) = await Measured(world, () => Download(world, $"api/reports/runs/{run}/{file}"));
                rows.Add(Row(name, each, taken, bytes / 1e6));
            }
        }
        Table.Print($"{Accounts} accounts",
            ["", "rows of each", "rows in all", "MB of file", "s", "peak MB of Reports", "against a tenth of the rows"], rows);

        string[] Row(string what, int each, (double Seconds, double Megabytes) taken, double size)
        {
            first.TryAdd(what, taken.Megabytes);
            return [what, $"{each:N0}", $"{each * Accounts:N0}", what == "collected" ? "" : $"{size:0.0}", $"{taken.Seconds:0.0}",
                $"{taken.Megabytes:0.0}", $"{taken.Megabytes / first[what]:0.00}"];
        }
    }

    static async Task<(T, (double Seconds, double Megabytes))> Measured<T>(FanoutWorld world, Func<Task<T>> work)
    {
        Processes.ForgetPeak(world.Replica(0));
        var began = Stopwatch.GetTimestamp();
        var done = await work();
        return (done, (Stopwatch.GetElapsedTime(began).TotalSeconds, Processes.PeakMemory(world.Replica(0))));
    }

    static async Task<long> Download(FanoutWorld world, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        FanoutWorld.SignedIn(request);
        using var answer = await world.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        await using var content = await answer.Content.ReadAsStreamAsync();
        var (buffer, all) = (new byte[64 * 1024], 0L);
        for (int length; (length = await content.ReadAsync(buffer)) > 0; all += length) { }
        return all;
    }
}
