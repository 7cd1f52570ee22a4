using System.Net.Http.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Contracts.Search;
using EnterprisePortal.Contracts.Sync;
using EnterprisePortal.Tests.Support;
using static EnterprisePortal.Tests.Search.SearchService;

namespace EnterprisePortal.Tests.Search;

public class SnapshotTests(SearchService search) : IClassFixture<SearchService>
{
    [Fact]
    public async Task Pieces_come_in_any_order_and_twice_and_are_applied_once()
    {
        const string account = "bluedolphin-austin";
        var reading = search.Reading(account, Many("order", 9));

        await search.Bus.Publish(reading.Chunks[3]);
        await search.Bus.Publish(reading.Chunks[3]);
        await search.Bus.Publish(reading.Completed);
        await search.Bus.Publish(reading.Completed);
        foreach (var chunk in reading.Chunks.Reverse())
            await search.Bus.Publish(chunk);
        await search.Published<SnapshotApplied>(it => it.SnapshotId == reading.Id);
        // Repeated after the end, and one that never was part of it.
        await search.Bus.Publish(reading.Chunks[0]);
        await search.Bus.Publish(new SnapshotChunk(reading.Id, account, 9, [Family("extra", "Order Extra")], []));
        await search.Bus.Publish(reading.Completed);
        await search.Indexed(account, reading.Families);

        var applied = Assert.Single(search.Bus.Heard<SnapshotApplied>(), it => it.SnapshotId == reading.Id);
        Assert.Equal((9, 9, 0, 0), (applied.Families, applied.Added, applied.Changed, applied.Removed));
        Assert.Equal(9, (await search.Search(Demo.RootUser, $"name=order&account={account}")).Total);
    }

    [Fact]
    public async Task Only_differing_families_are_touched_and_families_that_left_are_gone()
    {
        const string account = "bluedolphin-denver";
        await search.Indexed(account, Family("stays", "Diff Stays"), Family("moves", "Diff Before"), Family("leaves", "Diff Leaves"));

        var applied = await search.Indexed(
            account, Family("stays", "Diff Stays"), Family("moves", "Diff After", "+15125550888"), Family("comes", "Diff Comes"));

        Assert.Equal((3, 1, 1, 1), (applied.Families, applied.Added, applied.Changed, applied.Removed));
        Assert.Equal(["comes", "moves", "stays"], await search.Finds(Demo.RootUser, $"name=diff&account={account}"));
        Assert.Empty(await search.Finds(Demo.RootUser, $"name=before&account={account}"));
        Assert.Equal(["moves"], await search.Finds(Demo.RootUser, $"phone=5550888&account={account}"));
        Assert.Empty(await search.Finds(Demo.RootUser, $"email=leaves@&account={account}"));
    }

    [Fact]
    public async Task A_snapshot_that_misses_a_piece_changes_nothing_and_the_next_one_is_whole()
    {
        const string account = "bluedolphin-tucson";
        await search.Indexed(account, Family("old", "Torn Old"));
        var torn = search.Reading(account, Many("torn", 6));

        await search.Bus.Publish(torn.Chunks[0]);
        await search.Bus.Publish(torn.Chunks[2]);
        await search.Bus.Publish(new SyncFailed(torn.Id, account, "The stream broke off."));
        await search.Indexed("bluedolphin-fresno", Family("other", "Torn Other"));

        Assert.Equal(["old"], await search.Finds(Demo.RootUser, $"name=torn&account={account}"));
        await search.Indexed(account, Many("torn", 6));
        Assert.Equal(6, (await search.Search(Demo.RootUser, $"name=torn&account={account}")).Total);
        Assert.DoesNotContain(search.Bus.Heard<SnapshotApplied>(), it => it.SnapshotId == torn.Id);
    }

    [Fact]
    public async Task An_older_snapshot_that_comes_late_is_refused()
    {
        const string account = "bluedolphin-albany";
        var late = search.Reading(account, Family("late", "Late Old")) with { TakenAt = search.Clock.GetUtcNow().AddHours(-1) };
        await search.Indexed(account, Family("late", "Late New"));

        await search.Bus.Publish(late.Chunks[0]);
        await search.Bus.Publish(late.Completed);

        var refused = await search.Published<SnapshotRejected>(it => it.SnapshotId == late.Id);
        Assert.Contains("newer snapshot", refused.Problem, StringComparison.Ordinal);
        Assert.Equal(["late"], await search.Finds(Demo.RootUser, $"name=late new&account={account}"));
    }

    public static TheoryData<string, string> Lies => new()
    {
        { "a family more", "announced 3 families, but 2 came" },
        { "a name more", "announced 1 names, but 0 came" },
        { "a family twice", "lists the family twice more than once" },
        { "no id", "without a usable id" }
    };

    [Theory, MemberData(nameof(Lies))]
    public async Task A_snapshot_that_contradicts_itself_leaves_the_index_as_it_was(string lie, string words)
    {
        const string account = "bluedolphin-tampa";
        await search.Indexed(account, Family("truth", "Tampa Truth"));
        var reading = search.Reading(account, lie switch
        {
            "a family twice" => [Family("twice", "Tampa Lie"), Family("twice", "Tampa Lie")],
            "no id" => [Family("one", "Tampa Lie"), Family("", "Tampa Lie")],
            _ => [Family("one", "Tampa Lie"), Family("two", "Tampa Lie")]
        });
        await search.Bus.Publish(reading.Chunks[0]);

        await search.Bus.Publish(lie switch
        {
            "a family more" => reading.Completed with { Families = 3 },
            "a name more" => reading.Completed with { Names = 1 },
            _ => reading.Completed
        });

        var rejected = await search.Published<SnapshotRejected>(it => it.SnapshotId == reading.Id);
        Assert.Contains(words, rejected.Problem, StringComparison.Ordinal);
        Assert.Equal(["truth"], await search.Finds(Demo.RootUser, $"name=tampa&account={account}"));
    }

    [Fact]
    public async Task Strange_but_storable_text_does_no_harm()
    {
        const string account = "bluedolphin-charlotte";
        var strange = new AccountFamily("nul\0", [new("Nul\0", new string('x', 10_000)), new("", "")], ["\0", new string('e', 5_000)],
            ["", "12", "not a number"], false);

        var applied = await search.Indexed(account, strange, new AccountFamily("nothing", [], [], [], false));

        Assert.Equal(2, applied.Added);
        Assert.Equal(["nul"], await search.Finds(Demo.RootUser, $"name=nul&account={account}"));
    }

    [Fact]
    public async Task An_account_without_families_is_empty_afterwards()
    {
        const string account = "tumbletime-tulsa";
        await search.Indexed(account, Family("last", "Last Family"));

        var applied = await search.Indexed(account);

        Assert.Equal((0, 1), (applied.Families, applied.Removed));
        Assert.Empty(await search.Finds(Demo.TumbleUser, "name=last"));
    }

    [Fact]
    public async Task Names_are_listed_exactly_as_written_with_the_accounts_that_have_them()
    {
        await (search.Reading("tumbletime-omaha") with
            { Families = [Family("n", "Names Omaha")],
                Names = [new("level", "Penguin", 4), new("level", "Shrimp", 1), new("program", "Tots", 2)] }).Applied();
        await (search.Reading("tumbletime-wichita") with
            { Families = [Family("n", "Names Wichita")], Names = [new("level", "Penguin", 2), new("level", "penguin ", 1)] }).Applied();
        var tumbling = search.SignedInAs(Demo.TumbleUser);

        var levels = await tumbling.GetFromJsonAsync<NamesInReach>(
            "/api/validation/levels", TestContext.Current.CancellationToken);
        var accounts = await tumbling.GetStringAsync("/api/validation/levels/accounts?name=Penguin", TestContext.Current.CancellationToken);
        var others = await search.SignedInAs(Demo.RootAdmin).GetFromJsonAsync<NamesInReach>(
            "/api/validation/levels", TestContext.Current.CancellationToken);

        Assert.Equal([("Penguin", 2), ("penguin ", 1), ("Shrimp", 1)], levels!.Names.Select(name => (name.Text, name.Accounts)));
        Assert.Contains("tumbletime-omaha", accounts, StringComparison.Ordinal);
        Assert.Contains("tumbletime-wichita", accounts, StringComparison.Ordinal);
        Assert.Empty(others!.Names);
    }

    static AccountFamily[] Many(string name, int count) =>
        [.. Enumerable.Range(0, count).Select(number => Family($"{name}-{number}", $"{name} Number{number}"))];
}
