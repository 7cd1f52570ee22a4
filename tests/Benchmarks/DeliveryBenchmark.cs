using System.Diagnostics;
using System.Net.Http.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Permissions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EnterprisePortal.Benchmarks;

/// <summary>The root group loses a permission: until the last of 1,000 accounts has its set, against a bare loop that sends the same with
/// the same parallelism.</summary>
static class DeliveryBenchmark
{
    const int Accounts = 1000, Rounds = 5;
    const string BankDeposit = "reports.fin-2";

    public static async Task Run()
    {
        var takes = TimeSpan.Zero;
        await using var world = await World.Start(_ => takes);
        await using var permissions = world.StartPermissions(Accounts, out var root, out var directory);
        using var admin = permissions.Client();
        using var bare = new HttpClient();
        var db = permissions.Services.GetRequiredService<NpgsqlDataSource>();
        var (removed, number) = (false, 0);

        for (var warm = 0; warm < 10; warm++)
        {
            await Bare();
            await Portal(); // tokens and all
        }
        var rows = new List<string[]>();
        foreach (var milliseconds in new[] { 20, 50, 100 })
        {
            takes = TimeSpan.FromMilliseconds(milliseconds);
            var (direct, ours, answered, cpu) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                direct.Add(await Bare());
                var before = Environment.CpuUsage.TotalTime;
                var (saved, all) = await Portal();
                answered.Add(saved);
                ours.Add(all);
                cpu.Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds / Accounts);
            }
            var own = milliseconds * Math.Ceiling((double)Accounts / DeliverRestrictions.Parallelism);
            rows.Add([$"{milliseconds} ms", $"{own:0}", $"{direct.At(.5):0}", $"{answered.At(.5):0}", $"{ours.At(.5):0}",
                $"{ours.At(.5) / direct.At(.5):0.00}", $"{cpu.At(.5):0.00}"]);
        }
        Table.Print($"A change of the root group, {Accounts} accounts, {DeliverRestrictions.Parallelism} at once",
            ["an account takes", "accounts' own ms", "bare loop ms", "portal: saved ms", "all have it ms", "portal / bare",
                "CPU ms an account"], rows);

        async Task<(double Saved, double All)> Portal()
        {
            var (before, began) = (world.Restricted, Stopwatch.GetTimestamp());
            removed = !removed;
            using var answer = removed
                ? await admin.PutAsJsonAsync($"api/permissions/groups/{root}/removed/{BankDeposit}", new { reason = "Measured" })
                : await admin.DeleteAsync(new Uri($"api/permissions/groups/{root}/removed/{BankDeposit}", UriKind.Relative));
            answer.EnsureSuccessStatusCode();
            var saved = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            while (world.Restricted < before + Accounts)
                await Task.Delay(2);
            var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            // The next round begins when this one is over to the last row.
            await using var pending = db.CreateCommand("select exists (select from account_set where applied_version < version)");
            while (await pending.ExecuteScalarAsync() is true)
                await Task.Delay(20);
            return (saved, took);
        }

        async Task<double> Bare()
        {
            var began = Stopwatch.GetTimestamp();
            var set = new RestrictionSet(++number, [new(BankDeposit, [new("Benchmark", "Measured", null)])]);
            var options = new ParallelOptions { MaxDegreeOfParallelism = DeliverRestrictions.Parallelism };
            await Parallel.ForEachAsync(directory, options, async (account, cancel) =>
            {
                using var answer = await bare.PutAsJsonAsync($"{account.BaseUrl}/api/enterprise/v1/restrictions", set, cancel);
                answer.EnsureSuccessStatusCode();
            });
            return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }
    }
}
