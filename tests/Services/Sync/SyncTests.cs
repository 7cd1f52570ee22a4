using System.Net;
using System.Net.Http.Json;
using System.Text;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Contracts.Search;
using EnterprisePortal.Contracts.Sync;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Sync;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EnterprisePortal.Tests.Sync;

public class SyncTests(SyncService sync) : IClassFixture<SyncService>
{
    [Fact]
    public async Task The_first_sync_follows_onboarding_at_once_and_counts_when_it_is_in_the_index()
    {
        var before = sync.Clock.GetUtcNow();
        var admin = await sync.Onboarded("first-one");

        var completed = await sync.Published<SnapshotCompleted>(it => it.Account == "first-one");

        Assert.Equal((3, 600, 1), (completed.Chunks, completed.Families, completed.Names));
        var chunks = new List<SnapshotChunk>();
        for (var number = 0; number < 3; number++)
            chunks.Add(await sync.Published<SnapshotChunk>(chunk => chunk.SnapshotId == completed.SnapshotId && chunk.Number == number));
        Assert.Equal(Enumerable.Range(0, 600).Select(number => $"{number}"),
            chunks.SelectMany(chunk => chunk.Families).Select(family => family.Id));
        Assert.Equal("Penguin", Assert.Single(chunks.SelectMany(chunk => chunk.Names)).Name);
        Assert.Null((await sync.State(admin, "first-one", state => !state.Running)).LastSync);

        await sync.Applied(completed);

        var state = await sync.State(admin, "first-one", state => state.LastSync is not null);
        Assert.True(state.LastSync >= before);
        Assert.Equal((600, 600, 0, 0, null), (state.Families, state.Added, state.Changed, state.Removed, state.Problem));
        Assert.InRange(state.Next!.Value - before, TimeSpan.Zero, TimeSpan.FromHours(25));
    }

    [Fact]
    public async Task The_last_nights_tell_a_flaky_account_from_one_bad_night()
    {
        sync.Office.Answers("flaky-one", _ => new StringContent("<html>It works!</html>", Encoding.UTF8, "text/html"));
        var admin = await sync.Onboarded("flaky-one", "good-one");
        var failed = await sync.State(admin, "flaky-one", state => state.Problem is not null && !state.Running);

        var night = Assert.Single(failed.Days);
        Assert.True(night is { Good: 0, Failed: >= 1, Families: null, Problem: { } problem } && problem.Contains("not a snapshot"));

        var completed = await sync.Published<SnapshotCompleted>(it => it.Account == "good-one");
        await sync.Applied(completed);
        await sync.State(admin, "good-one", state => state.LastSync is not null);
        // Told twice, counted once.
        await sync.Applied(completed);
        await sync.Execute("""
            insert into account_sync_day (account, day, good) select 'good-one', day - days, 1
              from account_sync_day, unnest(array[3, 14, 20, 40]) days where account = 'good-one'
            """);
        var good = await sync.State(admin, "good-one", state => state.Days.Count > 1);

        Assert.Equal([(1, null), (1, null), (1, (int?)600)], good.Days.Select(day => (day.Good, day.Families)));
        Assert.All(good.Days, day => Assert.Equal(0, day.Failed));
        Assert.Equal(good.Days.OrderBy(day => day.Day), good.Days);
    }

    public static TheoryData<string, string> Broken => new()
    {
        { "breaks-off", "broke off" }, { "lies", "601 families and 1 names; 600 and 1 arrived" }, { "damaged", "checksum" },
            { "rubbish", "not a snapshot" },
        { "html-lines", "Line 1 of" }, { "hangs", "stopped sending" }, { "another", "another account" }, { "no-trailer", "broke off" },
            { "goes-on", "goes on after its end" },
        { "headless", "does not begin with its header" }, { "endless-line", "too large" }, { "future", "clock is ahead" }
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_snapshot_that_is_not_whole_and_true_changes_nothing_and_is_named(string how, string words)
    {
        sync.Office.Answers(how, account => how switch
        {
            "breaks-off" => OfficeStub.NdJson(sync.Office.Whole(account)[..20_000]),
            "lies" => OfficeStub.NdJson(sync.Office.Whole(account, lie: trailer => trailer with { Families = 601 })),
            "damaged" => OfficeStub.NdJson(sync.Office.Whole(account, lie: trailer => trailer with { Sha256 = new('0', 64) })),
            "rubbish" => new StringContent("<html>It works!</html>", Encoding.UTF8, "text/html"),
            "html-lines" => OfficeStub.NdJson("<html>\n</html>\n"u8.ToArray()),
            "hangs" => OfficeStub.Hanging(sync.Office.Whole(account)[..20_000]),
            "another" => OfficeStub.NdJson(sync.Office.Whole("somebody")),
            "no-trailer" =>
                OfficeStub.NdJson(sync.Office.Whole(account) is var all ? all[..(all.AsSpan(..^1).LastIndexOf((byte)'\n') + 1)] : []),
            "goes-on" => OfficeStub.NdJson(
                [.. sync.Office.Whole(account), .. "{\"type\":\"name\",\"kind\":\"level\",\"name\":\"x\",\"uses\":1}\n"u8]),
            "headless" => OfficeStub.NdJson(sync.Office.Whole(account) is var all ? all[(all.AsSpan().IndexOf((byte)'\n') + 1)..] : []),
            "endless-line" => OfficeStub.NdJson(Encoding.UTF8.GetBytes(new string('x', 3_000_000))),
            "future" => OfficeStub.NdJson(
                Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(sync.Office.Whole(account))
                    .Replace("\"takenAt\":\"2", "\"takenAt\":\"3", StringComparison.Ordinal))),
            _ => throw new ArgumentOutOfRangeException(nameof(how))
        });

        var admin = await sync.Onboarded(how);

        var failed = await sync.Published<SyncFailed>(it => it.Account == how);
        Assert.Contains(words, failed.Problem);
        Assert.Equal(failed.Problem, (await sync.State(admin, how, state => state.Problem is not null)).Problem);
        Assert.DoesNotContain(sync.Bus.Heard<SnapshotCompleted>(), it => it.Account == how);

        sync.Office.Answers(how, account => OfficeStub.NdJson(sync.Office.Whole(account, families: 5)));
        await sync.Applied(await sync.Published<SnapshotCompleted>(it => it.Account == how));
        Assert.Equal(5, (await sync.State(admin, how, state => state.Problem is null && state.LastSync is not null)).Families);
    }

    [Fact]
    public async Task Sync_now_reads_the_accounts_in_reach_again_and_no_others()
    {
        var admin = await sync.Onboarded("now-one", "now-two");
        var other = await sync.Onboarded("now-other");
        foreach (var account in new[] { "now-one", "now-two", "now-other" })
            await sync.Applied(await sync.Published<SnapshotCompleted>(it => it.Account == account));
        foreach (var (person, account) in new[] { (admin, "now-one"), (admin, "now-two"), (other, "now-other") })
            await sync.State(person, account, state => state.LastSync is not null && !state.Running);

        foreach (var codes in new[] { new[] { "now-other" }, ["now-one", "now-other"], ["nobody"] })
            Assert.Equal(HttpStatusCode.NotFound, (await sync.SignedInAs(admin).PostAsJsonAsync("/api/sync/runs", new { accounts = codes }))
                .StatusCode);
        var answer = await sync.SignedInAs(admin).PostAsJsonAsync("/api/sync/runs", new { accounts = new[] { "now-two" } });

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var requested = (await answer.Content.ReadFromJsonAsync<SyncRequested>())!;
        var first = sync.Bus.Heard<SnapshotCompleted>().Single(it => it.Account == "now-two");
        await sync.Applied(await sync.Published<SnapshotCompleted>(it => it.Account == "now-two" && it.SnapshotId != first.SnapshotId));
        await sync.State(admin, "now-two", state => state.LastSync >= requested.RequestedAt);
        Assert.Equal((1, 2, 1), (sync.Office.Asked("now-one"), sync.Office.Asked("now-two"), sync.Office.Asked("now-other")));
        Assert.DoesNotContain("now-other", await sync.SignedInAs(admin).GetStringAsync("/api/sync/accounts"));
    }

    [Fact]
    public async Task What_the_index_would_not_have_is_named_and_the_last_good_sync_stays()
    {
        var admin = await sync.Onboarded("rejected");
        var completed = await sync.Published<SnapshotCompleted>(it => it.Account == "rejected");

        await sync.Bus.Publish(new SnapshotRejected(completed.SnapshotId, "rejected", "A family was there twice."));

        var state = await sync.State(admin, "rejected", state => state.Problem is not null);
        Assert.Equal(("A family was there twice.", null), (state.Problem, state.LastSync));
    }
}

public class SyncReplicaTests(SyncService sync) : IClassFixture<SyncService>
{
    [Fact]
    public async Task Two_instances_read_each_account_once_a_night_and_catch_up_a_night_that_was_missed()
    {
        await sync.AnotherInstance();
        var codes = Enumerable.Range(0, 30).Select(number => $"night-{number}").ToArray();
        await sync.Onboarded(codes);
        foreach (var code in codes)
            await sync.Applied(await sync.Published<SnapshotCompleted>(it => it.Account == code));
        Assert.All(codes, code => Assert.Equal(1, sync.Office.Asked(code)));

        sync.Clock.Advance(TimeSpan.FromDays(2));

        foreach (var code in codes)
            await sync.Published<SnapshotCompleted>(it => it.Account == code && it.TakenAt > sync.Clock.GetUtcNow().AddDays(-1));
        Assert.All(codes, code => Assert.Equal(2, sync.Office.Asked(code)));
    }
}

public class SyncOperationsTests(SyncService sync) : IClassFixture<SyncService>
{
    [Fact]
    public async Task An_account_that_leaves_its_enterprise_leaves_no_row_and_one_that_comes_back_is_read_at_once()
    {
        var admin = await sync.Onboarded("stays", "leaves");
        await sync.Applied(await sync.Published<SnapshotCompleted>(it => it.Account == "leaves"));
        await sync.State(admin, "leaves", state => state.LastSync is not null);

        await sync.Given(OfficeStub.Enterprise(admin.GroupId, "stays"));

        await Eventually(async () => await Rows("leaves") == 0);
        Assert.Equal(1, await Rows("stays"));
        var before = sync.Office.Asked("leaves");
        await sync.Given(OfficeStub.Enterprise(admin.GroupId, "stays", "leaves"));
        await Eventually(() => sync.Office.Asked("leaves") > before);
        Assert.Null((await sync.State(admin, "leaves", state => !state.Running && !state.Waiting)).LastSync);
    }

    [Fact]
    public async Task An_account_being_connected_is_not_read_before_it_is_opened()
    {
        var id = Guid.CreateVersion7();
        var directory = OfficeStub.Enterprise(id, "new-one");
        await sync.Given(directory with { Accounts = [directory.Accounts[0] with { Status = AccountState.Onboarding }] });
        await Eventually(async () => await Rows("new-one") == 1);
        await sync.Onboarded("marker");
        await sync.Published<SnapshotCompleted>(it => it.Account == "marker");
        Assert.Equal(0, sync.Office.Asked("new-one"));

        await sync.Given(directory);

        await sync.Published<SnapshotCompleted>(it => it.Account == "new-one");
    }

    [Fact]
    public async Task A_snapshot_says_whether_a_feed_was_followed_and_what_the_feed_had_lost_is_named_until_the_next()
    {
        sync.Office.Offers("drifting", after => new("1", false, sync.Clock.GetUtcNow(), [], [], []));
        var admin = await sync.Onboarded("drifting");
        var first = await sync.Published<SnapshotCompleted>(it => it.Account == "drifting");
        await sync.Applied(first);
        var known = await sync.State(admin, "drifting", state => state is { LastSync: not null, Followed: true });
        Assert.Equal((false, null), (first.Followed, known.Drift));

        var second = await Again(admin, "drifting", first);
        Assert.True(second.Followed);
        await sync.State(admin, "drifting", state => state.Applying);
        await sync.Applied(second);
        await sync.Bus.Publish(new DriftFound(second.SnapshotId, "drifting", 1, 2, 0, ["17", "18", "19"]));
        await sync.Bus.Publish(new DriftFound(first.SnapshotId, "drifting", 9, 9, 9, []));

        Assert.Equal(["17", "18", "19"], (await sync.State(admin, "drifting", state => state.Drift == 3)).DriftExamples);
        await sync.Applied(await Again(admin, "drifting", first, second));
        await sync.State(admin, "drifting", state => state is { Drift: null, Applying: false, Running: false, Waiting: false });
    }

    [Fact]
    public async Task Accounts_of_one_host_are_read_few_at_a_time_however_many_are_due()
    {
        var (now, most) = (0, 0);
        var codes = Enumerable.Range(0, 12).Select(number => $"crowd-{number}").ToArray();
        foreach (var code in codes)
            sync.Office.Answers(code, account => OfficeStub.NdJson(sync.Office.Whole(account, families: 1)));
        sync.Outbound.Answer("office.example", async (request, cancel) =>
        {
            // Feeds of accounts that have been read are asked meanwhile.
            if (!request.RequestUri!.AbsolutePath.EndsWith("/snapshot", StringComparison.Ordinal))
                return sync.Office.Answer(request);
            lock (codes)
                most = Math.Max(most, ++now);
            await Task.Delay(50, cancel);
            lock (codes)
                now--;
            return sync.Office.Answer(request);
        });

        await sync.Onboarded(codes);
        foreach (var code in codes)
            await sync.Published<SnapshotCompleted>(it => it.Account == code);

        sync.Outbound.Answer("office.example", sync.Office.Answer);
        Assert.InRange(most, 1, new SyncOptions().ParallelPerHost);
    }

    async Task<SnapshotCompleted> Again(Person admin, string account, params SnapshotCompleted[] before)
    {
        Assert.Equal(HttpStatusCode.Accepted,
            (await sync.SignedInAs(admin).PostAsJsonAsync("/api/sync/runs", new { accounts = new[] { account } })).StatusCode);
        return await sync.Published<SnapshotCompleted>(
            it => it.Account == account && !before.Select(one => one.SnapshotId).Contains(it.SnapshotId));
    }

    async Task<long> Rows(string account)
    {
        await using var command = sync.Instance.Services.GetRequiredService<NpgsqlDataSource>()
            .CreateCommand("select count(*) from account_sync where account = $1");
        command.Parameters.AddWithValue(account);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
