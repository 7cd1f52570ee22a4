using EnterprisePortal.Tests.Production.Support;

namespace EnterprisePortal.Tests.Production;

/// <summary>
/// What people see while parts of it are stopped, die, or become unreachable. Every build stops a gateway and a service as an upgrade does;
/// the rest takes longer (docs/rehearsal.md).
/// </summary>
public sealed class FaultTests(Rehearsal rehearsal)
{
    static readonly TimeSpan Before = TimeSpan.FromSeconds(5), After = TimeSpan.FromSeconds(15);
    static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(25);
    static bool IsLong => Environment.GetEnvironmentVariable("REHEARSAL") == "long";

    [Fact]
    public async Task What_runs_on_a_machine_is_replaced_one_by_one_and_nobody_notices()
    {
        rehearsal.Needed();
        await using var load = await Load.Begin(rehearsal);
        await Task.Delay(Before);
        var slowest = TimeSpan.Zero;
        foreach (var service in IsLong ? Deployment.Services.Reverse() : ["gateway", "search"])
        {
            var took = await rehearsal.B.Terminate(service);
            slowest = took > slowest ? took : slowest;
            rehearsal.B.StartAgain(service);
            await rehearsal.AllHealthy(rehearsal.B);
        }
        var outcome = (await load.Stop())
            .Tell($"each process of a machine was replaced, one after the other (drained in {slowest.TotalSeconds:0} s at most)");

        Assert.True(outcome.Errors == 0, string.Join('\n', outcome.Problems));
        Assert.True(slowest < LongestDrain, $"It took {slowest}.");
    }

    [Fact]
    public async Task A_machine_dies_and_people_go_on_at_once()
    {
        Long();
        var outcome = await While("one of two machines died, and came back", After, rehearsal.B.Kill, rehearsal.B.Boot);

        Assert.True(outcome.Outage < TimeSpan.FromSeconds(10), $"{outcome.Outage}\n{string.Join('\n', outcome.Problems)}");
    }

    [Fact]
    public async Task A_machine_is_cut_off_and_people_go_on()
    {
        Long();
        var outcome = await While("one of two machines was cut off, and came back", After, rehearsal.B.Cut, rehearsal.B.Reconnect);

        Assert.True(outcome.Outage < TimeSpan.FromSeconds(15), $"{outcome.Outage}\n{string.Join('\n', outcome.Problems)}");
    }

    [Fact]
    public async Task RabbitMQ_is_away_and_people_do_not_notice()
    {
        Long();
        var outcome = await While("RabbitMQ died, and came back", After, rehearsal.Messaging.Kill, rehearsal.Messaging.Boot);

        Assert.True(outcome.Errors == 0, string.Join('\n', outcome.Problems));
    }

    [Fact]
    public async Task PostgreSQL_is_away_and_everything_works_again_as_soon_as_it_is_back()
    {
        Long();
        var outcome = await While("PostgreSQL died, and came back after 10 s", TimeSpan.FromSeconds(10), rehearsal.Postgres.Kill,
            rehearsal.Postgres.Boot);

        Assert.True(outcome.Outage < TimeSpan.FromSeconds(45), $"{outcome.Outage}\n{string.Join('\n', outcome.Problems)}");
    }

    async Task<Outcome> While(string told, TimeSpan lasting, Action happens, Action ends)
    {
        await using var load = await Load.Begin(rehearsal);
        await Task.Delay(Before);
        happens();
        await Task.Delay(lasting);
        ends();
        await rehearsal.AllHealthy(rehearsal.A, rehearsal.B);
        await Task.Delay(Before);
        return (await load.Stop()).Tell(told);
    }

    void Long()
    {
        Assert.SkipUnless(IsLong, "Only in the long rehearsal: REHEARSAL=long.");
        rehearsal.Needed();
    }
}
