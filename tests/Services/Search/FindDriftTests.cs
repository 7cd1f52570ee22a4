using EnterprisePortal.Contracts.Search;
using EnterprisePortal.Contracts.Sync;
using EnterprisePortal.Search.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using static EnterprisePortal.Tests.Search.SearchService;

namespace EnterprisePortal.Tests.Search;

public class FindDriftTests(SearchService search) : IClassFixture<SearchService>
{
    [Fact]
    public async Task A_change_that_the_feed_has_missed_is_corrected_by_the_snapshot_and_reported_once()
    {
        const string account = "bluedolphin-austin";
        await search.Indexed(account, Family("same", "Drift Same"), Family("renamed", "Drift Before"), Family("left", "Drift Left"),
            Family("late", "Drift Late"));

        await Applied(search.Reading(account, Family("same", "Drift Same"), Family("renamed", "Drift After"), Family("came", "Drift Came"),
            Family("late", "Drift Later")));
        // The feed was only a moment behind with this one.
        await search.Bus.Publish(new FamiliesChanged(account, search.Clock.GetUtcNow(), [Family("late", "Drift Latest")], []));
        await Support.Wait.Eventually(
            async () => (await search.Finds(Support.Demo.RootUser, $"name=drift latest&account={account}")).Length == 1);
        await Tell();

        var drift = await search.Published<DriftFound>(it => it.Account == account);
        Assert.Equal((1, 1, 1), (drift.Added, drift.Changed, drift.Removed));
        Assert.Equal(["came", "left", "renamed"], drift.Examples);
        await Tell();
        await Applied(search.Reading(account, Family("same", "Drift Same"), Family("renamed", "Drift After"), Family("came", "Drift Came"),
            Family("late", "Drift Latest")));
        await Tell();
        await search.Indexed("bluedolphin-denver", Family("marker", "Drift Marker"));
        Assert.Single(search.Bus.Heard<DriftFound>(), it => it.Account == account);
    }

    [Fact]
    public async Task Nothing_is_called_lost_where_no_feed_is_followed_or_the_account_is_read_for_the_first_time()
    {
        await search.Indexed("tumbletime-omaha", Family("a", "Plain One"));
        await search.Indexed("tumbletime-omaha", Family("a", "Plain Two"));
        await Applied(search.Reading("tumbletime-tulsa", Family("first", "First Ever")));

        await Tell();

        await search.Indexed("tumbletime-lincoln", Family("marker", "Plain Marker"));
        Assert.DoesNotContain(search.Bus.Heard<DriftFound>(), it => it.Account.StartsWith("tumbletime", StringComparison.Ordinal));
    }

    Task Tell() => search.Instance.Services.GetRequiredService<FindDrift>().Tell(TimeSpan.Zero, TestContext.Current.CancellationToken);

    /// <summary>While the account's change feed is followed.</summary>
    async Task Applied(Reading reading)
    {
        await search.Bus.Publish(reading.Completed with { Followed = true });
        foreach (var chunk in reading.Chunks)
            await search.Bus.Publish(chunk);
        await search.Published<SnapshotApplied>(it => it.SnapshotId == reading.Id);
    }
}
