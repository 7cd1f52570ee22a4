using System.Net;
using System.Net.Sockets;
using EnterprisePortal.Tests.EndToEnd.Support;

namespace EnterprisePortal.Tests.EndToEnd;

/// <summary>Few and long, since each start takes its time.</summary>
[Collection(nameof(Alone))]
public sealed class LifeCycleTests
{
    [Fact]
    public async Task Two_of_each_service_work_a_killed_one_comes_back_Ctrl_C_leaves_nothing_the_next_start_keeps_everything_and_a_killed_AppHost_leaves_no_orphan()
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

            await portal.KillResource("accounts-1");
            Assert.Equal(8, await Accounts(rosa));
            await portal.Restarted("accounts-1", 1);
            lastSync = await LastSync(rosa);

            Assert.Equal(0, await portal.CtrlC());
            Assert.Empty(world.LeftBehind());
        }

        await using (var portal = new RunningPortal(world))
        {
            await portal.Ready();
            Assert.DoesNotContain("First sync", portal.Said, StringComparison.Ordinal);
            // The session as well: the cookie of before still opens the door.
            Assert.Equal(8, await Accounts(rosa));
            Assert.Equal(lastSync, await LastSync(rosa));

            await portal.Kill();
            await Patience.Eventually(() => world.LeftBehind().Count == 0, "Orphans are left.", TimeSpan.FromSeconds(30));
        }
        rosa.Dispose();
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

    static async Task<int> Accounts(Caller person) => (await person.Json("/api/accounts")).GetProperty("items").GetArrayLength();

    static async Task<string?> LastSync(Caller person) => (await person.Json("/api/sync/accounts")).GetProperty("items")[0].GetProperty("lastSync").GetString();
}
