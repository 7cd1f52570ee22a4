using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Sync;

namespace EnterprisePortal.Tests.Sync;

public class PollChangesTests(SyncService sync) : IClassFixture<SyncService>
{
    [Fact]
    public async Task Changes_in_an_account_are_published_once_and_in_the_accounts_order()
    {
        var asked = new List<string>();
        sync.Office.Offers("feed-one", after =>
        {
            lock (asked)
                asked.Add(after);
            return after switch
            {
                "0" => Changes("1", more: true, [new("7", [new("Ann", "Renamed")], [], [], true)], removed: ["8"]),
                "1" => Changes("2", more: false, [], erased: ["9"]),
                _ => Changes(after, more: false, [])
            };
        });
        await sync.Onboarded("feed-one");

        var changed = await sync.Published<FamiliesChanged>(it => it.Account == "feed-one");
        Assert.Equal(("Renamed", "8"), (changed.Families.Single().Guardians.Single().LastName, changed.Removed.Single()));
        Assert.Equal("9", (await sync.Published<FamilyErased>(it => it.Account == "feed-one")).FamilyId);

        await Eventually(() => { lock (asked) return asked.Count(after => after == "2") >= 2; });
        Assert.Single(sync.Bus.Heard<FamiliesChanged>(), it => it.Account == "feed-one");
        Assert.Single(sync.Bus.Heard<FamilyErased>(), it => it.Account == "feed-one");
    }

    [Fact]
    public async Task A_feed_that_lost_its_place_is_mended_by_a_snapshot()
    {
        var lost = true;
        sync.Office.Offers("feed-lost", after => lost ? null : Changes(after, more: false, []));
        await sync.Onboarded("feed-lost");
        var first = await sync.Published<SnapshotStarted>(it => it.Account == "feed-lost");

        await sync.Published<SnapshotStarted>(it => it.Account == "feed-lost" && it.SnapshotId != first.SnapshotId);
        lost = false;
    }

    [Fact]
    public async Task A_feed_that_sends_nonsense_stops_no_other()
    {
        var nonsense = 0;
        sync.Office.Offers("feed-nonsense", _ =>
            Interlocked.Increment(ref nonsense) > 0 ? new("1", false, sync.Clock.GetUtcNow(), null!, null!, null!) : null);
        await sync.Onboarded("feed-nonsense");
        await Eventually(() => Volatile.Read(ref nonsense) >= 1);

        sync.Office.Offers("feed-sound", after => after == "0" ? Changes("1", more: false, [], removed: ["8"])
            : Changes(after, more: false, []));
        await sync.Onboarded("feed-sound");

        await sync.Published<FamiliesChanged>(it => it.Account == "feed-sound");
        // It is asked again, from where it was.
        await Eventually(() => Volatile.Read(ref nonsense) >= 2);
    }

    FamilyChanges Changes(string cursor, bool more, IReadOnlyList<AccountFamily> families, IReadOnlyList<string>? removed = null,
        IReadOnlyList<string>? erased = null) =>
        new(cursor, more, sync.Clock.GetUtcNow(), families, removed ?? [], erased ?? []);
}
