using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EnterprisePortal.Tests.EndToEnd.Support;

namespace EnterprisePortal.Tests.EndToEnd;

/// <summary>The real process, started and stopped as a person would. Few and long, since each start takes its time.</summary>
[Collection(nameof(Alone))]
public sealed class LifeCycleTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_of_each_service_work_a_killed_one_comes_back_and_Ctrl_C_leaves_nothing()
    {
        using var world = new World();
        Caller rosa;
        string? lastSync;

        await using (var portal = new RunningPortal(world, ("Demo__Families", "20"), ("Replicas", "2")))
        {
            await portal.Ready();
            Assert.Contains("First sync: 12 accounts", portal.Said, StringComparison.Ordinal);
            rosa = await Caller.SignedIn(world, "root-admin@bluedolphin.example");
            // Several times, so that each replica has its turn.
            for (var turn = 0; turn < 6; turn++)
                Assert.Equal(8, await Accounts(rosa));

            var before = await portal.Processes("Accounts", 2);
            await portal.KillOne("Accounts");
            Assert.Equal(8, await Accounts(rosa));
            await portal.Processes("Accounts", 2);
            Assert.Single((await portal.Processes("Accounts", 2)).Except(before));
            lastSync = await LastSync(rosa);

            Assert.Equal(0, await portal.CtrlC());
            await NothingIsLeft(world);
            Assert.True(PostgresStoppedCleanly(world), "PostgreSQL was killed.");
        }

        // The next start keeps everything, the session as well: the cookie of before still opens the door.
        await using (var portal = new RunningPortal(world))
        {
            await portal.Ready();
            Assert.DoesNotContain("First sync", portal.Said, StringComparison.Ordinal);
            Assert.Equal(8, await Accounts(rosa));
            Assert.Equal(lastSync, await LastSync(rosa));
            await ADashboardShowsASearch(world, rosa);

            await portal.Kill();
            await Wait.Eventually(() => world.LeftBehind() is [] or ["file lock", "file owner"] or ["file owner"], "Orphans are left.",
                TimeSpan.FromSeconds(60));
        }
        rosa.Dispose();
    }

    [Fact]
    public async Task TERM_while_it_starts_leaves_nothing_and_stops_PostgreSQL_cleanly()
    {
        using var world = new World();
        await using var portal = new RunningPortal(world);
        await Wait.Eventually(() => portal.Said.Contains("postgres ", StringComparison.Ordinal), "PostgreSQL did not start.",
            TimeSpan.FromMinutes(2));

        Assert.Equal(0, await portal.Terminate());

        await NothingIsLeft(world);
        Assert.True(PostgresStoppedCleanly(world), "PostgreSQL was killed.");
    }

    [Fact]
    public async Task A_service_that_cannot_start_ends_the_start_with_its_reason()
    {
        using var world = new World();
        await using var portal = new RunningPortal(world, ("Audit__RetentionMonths", "1"));

        await portal.EndsByItself();

        Assert.Equal(1, await portal.Ended());
        Assert.Contains("The start failed: audit ended with exit code", portal.Said, StringComparison.Ordinal);
        Assert.Contains("RetentionMonths", portal.Said, StringComparison.Ordinal);
        await NothingIsLeft(world);
    }

    [Fact]
    public async Task Services_that_are_left_out_run_beside_the_rest_with_the_environment_that_was_written_for_them()
    {
        using var world = new World();
        await using var portal = new RunningPortal(world, ("Demo__Families", "20"), ("Except", "search,gateway"));
        await portal.Says("search is left out");
        await portal.Says("gateway is left out");
        // As a person would, once the rest is there; the import waits for the gateway, the first sync for Search.
        await portal.Says("accounts         ready");
        using var search = RunBeside(world, "Search", "services/Search");
        using var gateway = RunBeside(world, "Gateway", "gateway");
        try
        {
            await portal.Ready();
            using var rosa = await Caller.SignedIn(world, "root-admin@bluedolphin.example");
            Assert.Equal(8, await Accounts(rosa));
            await Wait.Eventually(() => Answers(rosa), "Search does not answer.");
            Assert.False(search.HasExited);
        }
        finally
        {
            search.Kill();
            gateway.Kill();
            await Task.WhenAll(search.WaitForExitAsync(Cancel), gateway.WaitForExitAsync(Cancel));
        }
    }

    /// <summary>With the environment that was written for it.</summary>
    static Process RunBeside(World world, string name, string folder)
    {
        var start = new ProcessStartInfo(
            "dotnet", [Path.Combine(World.Repository, folder, "bin", World.Configuration, "net10.0", $"{name}.dll")])
        {
            WorkingDirectory = Path.Combine(World.Repository, folder)
        };
        var environment = Path.Combine(world.Folder, $"{name.ToLowerInvariant()}.env");
        foreach (var line in File.ReadLines(environment).Select(line => line.Split('=', 2)))
            start.Environment[line[0]] = line[1].Trim('\'');
        return Process.Start(start)!;
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_with_the_setting_that_changes_it()
    {
        using var world = new World();
        using var other = new TcpListener(IPAddress.Loopback, world.Office.Port);
        other.Start();

        await using var portal = new RunningPortal(world);

        Assert.Equal(1, await portal.Ended());
        Assert.Contains($"Port {world.Office.Port} (Office) is taken", portal.Said, StringComparison.Ordinal);
        Assert.Contains("Ports__Office", portal.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ConnectionStrings__postgres", "Host=127.0.0.1;Port=1;Username=portal;Password=hidden")]
    [InlineData("ConnectionStrings__messaging", "amqp://portal:hidden@127.0.0.1:1")]
    public async Task A_given_server_that_does_not_answer_is_named_with_its_setting(string setting, string value)
    {
        using var world = new World();

        await using var portal = new RunningPortal(world, (setting, value));

        Assert.Equal(1, await portal.Ended());
        Assert.Contains($"cannot be used ({setting})", portal.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", portal.Said, StringComparison.Ordinal);
    }

    /// <summary>The services, and a search as one trace from the gateway on.</summary>
    static async Task ADashboardShowsASearch(World world, Caller person)
    {
        await person.Json("/api/search/families?name=smith");
        using var dashboard = new HttpClient { BaseAddress = world.Dashboard };
        var resources = await dashboard.GetStringAsync(new Uri("api/telemetry/resources", UriKind.Relative), Cancel);
        foreach (var service in new[]
        {
            "gateway", "identity", "accounts", "search", "sync", "reports", "permissions", "audit", "officeportal"
        })
            Assert.Contains($"\"{service}", resources, StringComparison.Ordinal);
        await Wait.Eventually(async () =>
        {
            var traces = await dashboard.GetStringAsync(
                new Uri("api/telemetry/traces?resource=search&limit=200", UriKind.Relative), Cancel);
            return traces.Contains("search families", StringComparison.Ordinal);
        }, "The dashboard shows no trace of the search.");
    }

    static async Task<bool> Answers(Caller person)
    {
        using var answer = await person.Get("/api/search/families?name=an");
        return answer.IsSuccessStatusCode;
    }

    // Aspire's orchestrator ends a moment after the AppHost that it watches.
    static Task NothingIsLeft(World world) =>
        Wait.Eventually(() => world.LeftBehind().Count == 0, "Something still runs.", TimeSpan.FromSeconds(20));

    // Aspire's own lines about the stop may come behind PostgreSQL's last one.
    static bool PostgresStoppedCleanly(World world)
    {
        var log = File.ReadAllText(Path.Combine(world.Folder, "logs", "postgres.log"));
        return log.LastIndexOf("database system is shut down", StringComparison.Ordinal)
            > log.LastIndexOf("database system is ready to accept connections", StringComparison.Ordinal);
    }

    static async Task<int> Accounts(Caller person) => (await person.Json("/api/accounts")).GetProperty("items").GetArrayLength();

    static async Task<string?> LastSync(Caller person) =>
        (await person.Json("/api/sync/accounts")).GetProperty("items")[0].GetProperty("lastSync").GetString();
}
