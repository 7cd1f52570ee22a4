using System.Text;
using EnterprisePortal.Contracts.Search;
using EnterprisePortal.Contracts.Sync;
using EnterprisePortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static EnterprisePortal.Tests.Search.SearchService;

namespace EnterprisePortal.Tests.Search;

public class FamilyChangesTests(SearchService search) : IClassFixture<SearchService>
{
    [Fact]
    public async Task A_change_is_found_at_once_and_its_old_name_no_longer()
    {
        const string account = "bluedolphin-austin";
        await search.Indexed(account, Family("a", "Feed Before"), Family("b", "Feed Leaves"), Family("c", "Feed Stays"));

        await search.Bus.Publish(new FamiliesChanged(
            account, search.Clock.GetUtcNow(), [Family("a", "Feed After"), Family("d", "Feed Comes")], ["b", "never-there"]));

        await Until(account, "name=feed", "a,c,d");
        Assert.Empty(await search.Finds(Demo.RootUser, "name=before"));
        Assert.Equal(["a"], await search.Finds(Demo.RootUser, "name=feed after"));
    }

    [Fact]
    public async Task A_slow_snapshot_does_not_bring_back_what_has_changed_since()
    {
        const string account = "bluedolphin-boston";
        var slow = search.Reading(account, Family("moved", "Slow Old"), Family("left", "Slow Left"), Family("same", "Slow Same"));
        await search.Bus.Publish(slow.Chunks[0]);
        await search.Bus.Publish(
            new FamiliesChanged(account, search.Clock.GetUtcNow(), [Family("moved", "Slow New"), Family("came", "Slow Came")], ["left"]));
        await Until(account, "name=slow", "came,moved");

        await search.Bus.Publish(slow.Chunks[1]);
        await search.Bus.Publish(slow.Completed);
        await search.Published<SnapshotApplied>(it => it.SnapshotId == slow.Id);

        Assert.Equal(["came", "moved", "same"], await search.Finds(Demo.RootUser, $"name=slow&account={account}"));
        Assert.Equal(["moved"], await search.Finds(Demo.RootUser, $"name=slow new&account={account}"));
        await search.Indexed(account, Family("moved", "Slow Newest"));
        Assert.Equal(["moved"], await search.Finds(Demo.RootUser, $"name=slow&account={account}"));
    }

    [Fact]
    public async Task An_erased_family_leaves_no_trace_in_any_table()
    {
        const string account = "tumbletime-omaha", guardian = "Zzyzxerasme Vanishingly";
        await search.Indexed(account, Family("gone", guardian, "+15125557913"), Family("stays", "Erase Stays"));
        var slow = search.Reading(account, Family("gone", guardian, "+15125557913"), Family("stays", "Erase Stays"),
            Family("more", "Erase More"));
        await search.Bus.Publish(slow.Chunks[0]);
        await search.Indexed("tumbletime-tulsa", Family("marker", "Erase Marker"));

        await search.Bus.Publish(new FamilyErased(account, "gone"));
        await Until(account, "phone=5557913", "");

        var rows = await Everything();
        foreach (var trace in (string[])["zzyzxerasme", "5557913", "3197555", "gone@example"])
            Assert.DoesNotContain(trace, rows, StringComparison.OrdinalIgnoreCase);
        await search.Bus.Publish(slow.Chunks[1]);
        await search.Bus.Publish(slow.Completed);
        await search.Published<SnapshotApplied>(it => it.SnapshotId == slow.Id);
        Assert.Equal(["more", "stays"], await search.Finds(Demo.TumbleUser, $"name=erase&account={account}"));
        Assert.Empty(await search.Finds(Demo.TumbleUser, "name=vanishingly"));
    }

    async Task Until(string account, string query, string families)
    {
        var person = account.StartsWith("tumble", StringComparison.Ordinal) ? Demo.TumbleUser : Demo.RootUser;
        for (var tries = 0; string.Join(',', await search.Finds(person, $"{query}&account={account}")) != families; tries++)
        {
            Assert.True(tries < 100,
                $"{query} never found {families}, but {string.Join(',', await search.Finds(person, $"{query}&account={account}"))}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Every row of every table there is, as text; bytes are read as the JSON that they are.</summary>
    async Task<string> Everything()
    {
        var db = search.Instance.Services.GetRequiredService<NpgsqlDataSource>();
        var all = new StringBuilder();
        var columns = new List<(string Table, string Column, string Type)>();
        await using (var command = db.CreateCommand(
            "select table_name, column_name, udt_name from information_schema.columns where table_schema = 'public'"))
        await using (var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken))
            while (await rows.ReadAsync(TestContext.Current.CancellationToken))
                columns.Add((rows.GetString(0), rows.GetString(1), rows.GetString(2)));
        Assert.Contains(("snapshot_chunk", "bodies", "_bytea"), columns);
        foreach (var (table, column, type) in columns)
        {
            await using var command =
                db.CreateCommand(type == "_bytea"
                    ? $"select string_agg(convert_from(one, 'utf8'), ' ') from {table} cross join unnest({column}) one"
                    : $"select string_agg({column}::text, ' ') from {table}");
            all.AppendLine(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) as string);
        }
        return all.ToString();
    }
}
