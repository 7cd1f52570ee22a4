using System.Diagnostics;
using System.Net.Http.Json;
using EnterprisePortal.Contracts.AccountApi;

namespace EnterprisePortal.Benchmarks;

/// <summary>One report for 300 accounts: against a bare loop that makes the same calls with the same parallelism, and against the accounts'
/// own time.</summary>
static class FanoutBenchmark
{
    const int Accounts = 300, Parallelism = 32, Rounds = 7;

    public static async Task Run()
    {
        await using var world = await FanoutWorld.Start();
        for (var warm = 0; warm < 40; warm++)
        {
            await Bare(world);
            await world.Run();
        }
        await Fanout(world);
        await Memory(world);
        await Replicas(world);
    }

    static async Task Fanout(FanoutWorld world)
    {
        var rows = new List<string[]>();
        foreach (var takes in new[] { 20, 200 })
        {
            world.ReportTakes = TimeSpan.FromMilliseconds(takes);
            var (bare, portal, cpu) = (new List<double>(), new List<double>(), new List<double[]>());
            for (var round = 0; round < Rounds; round++)
            {
                bare.Add(await Bare(world));
                var before = Cpu(world);
                portal.Add((await world.Run()).Took.TotalMilliseconds);
                cpu.Add([.. Cpu(world).Zip(before, (after, start) => (after - start) / Accounts)]);
            }
            var own = takes * Math.Ceiling((double)Accounts / Parallelism);
            rows.Add([$"{takes} ms", $"{own:0}", $"{bare.At(.5):0}", $"{portal.At(.5):0}", $"{portal.At(.5) / own:0.00}",
                $"{portal.At(.5) / bare.At(.5):0.00}", $"{(portal.At(.5) - own) / Accounts:0.00}",
                .. Enumerable.Range(0, 3).Select(part => $"{cpu.Select(one => one[part]).At(.5):0.00}")]);
        }
        Table.Print($"{Accounts} accounts, {Parallelism} at once",
            ["a report takes", "accounts' own ms", "bare loop ms", "portal ms", "portal / own", "portal / bare", "over own, ms an account",
                "CPU ms an account: Reports", "PostgreSQL", "RabbitMQ"], rows);
    }

    static async Task Memory(FanoutWorld world)
    {
        world.ReportTakes = TimeSpan.FromMilliseconds(20);
        await world.Run(large: true); // warm
        var rows = new List<string[]>();
        foreach (var large in new[] { false, true })
        {
            Processes.ForgetPeak(world.Replica(0));
            var (_, took) = await world.Run(large);
            var accounts = large ? FanoutWorld.Most : Accounts;
            rows.Add([$"{accounts} accounts", $"{Processes.PeakMemory(world.Replica(0)):0.0}",
                $"{took.TotalMilliseconds / accounts:0.00}"]);
        }
        Table.Print("Memory of one run", ["", "peak MB", "ms an account"], rows);
    }

    static async Task Replicas(FanoutWorld world)
    {
        world.ReportTakes = TimeSpan.FromSeconds(1);
        var one = (await world.Run()).Took;
        await world.AddReplica();
        await world.Run(); // warm
        var two = (await world.Run()).Took;
        Table.Print("Reports of 1 s each: the accounts are the limit, not the machine", ["replicas", "seconds", "ratio"],
            [["1", $"{one.TotalSeconds:0.00}", "1.00"], ["2", $"{two.TotalSeconds:0.00}", $"{one / two:0.00}"]]);
    }

    static double[] Cpu(FanoutWorld world) =>
        [Processes.CpuWithChildren(world.Replica(0)), Processes.CpuWithChildren(world.Postgres), Processes.CpuWithChildren(world.Rabbit)];

    /// <summary>What anybody would write who keeps nothing: ask, look until it is over, fetch.</summary>
    static async Task<double> Bare(FanoutWorld world)
    {
        using var http = new HttpClient { BaseAddress = world.Stubs };
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, Accounts, new ParallelOptions { MaxDegreeOfParallelism = Parallelism }, async (number, cancel) =>
        {
            var api = $"300-{number}/api/enterprise/v1/";
            using var started =
                await http.PostAsJsonAsync(api + "reports",
                    new ReportRequest(Guid.CreateVersion7(), "FIN-2", null, new(Guid.Empty, "Bea", "user", Guid.Empty, "bea@example.com")),
                    cancel);
            var task = (await started.Content.ReadFromJsonAsync<ReportTask>(cancel))!;
            for (; !task.IsOver; task = (await http.GetFromJsonAsync<ReportTask>($"{api}background-tasks/{task.Id}", cancel))!)
                await Task.Delay(10, cancel);
            await http.GetByteArrayAsync($"{api}background-tasks/{task.Id}/file", cancel);
        });
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
