using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Audit;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Tests.Support;
using Npgsql;

namespace EnterprisePortal.Tests.Audit;

/// <summary>What a superuser does to the database, who has every right there and only the signing key and the folder of heads
/// not.</summary>
public sealed class VerifyChainTests(Service<RecordActivity> audit) : IClassFixture<Service<RecordActivity>>
{
    [Theory]
    [InlineData("update activity set subject = 'Another' where seq = 7", "the entry")]
    [InlineData("update activity set details = '{ \"to\":  \"/\" }' where seq = 7", "the entry")]
    [InlineData("update activity set at = at + interval '1 microsecond' where seq = 7", "the entry")]
    [InlineData("update activity set person_id = null where seq = 7", "the entry")]
    [InlineData("update activity set hash = set_byte(hash, 31, get_byte(hash, 31) # 1) where seq = 7", "the entry")]
    [InlineData("delete from activity where seq = 7", "#7")]
    [InlineData("delete from activity where seq > 6", "#7")]
    public async Task Whatever_is_changed_in_the_log_is_found_and_named(string tampering, string named)
    {
        var admin = await NewEnterprise(entries: 12);
        Assert.Equal(new(true, 12, null, null), await Verify(admin));
        var seventh = await Ask($"select id::text from activity where seq = 7 and enterprise_id = '{admin.GroupId}'");

        await Ask($"{tampering} and enterprise_id = '{admin.GroupId}'");

        var verdict = await Verify(admin);
        Assert.False(verdict.Ok);
        Assert.Equal(named == "the entry" ? seventh : named, verdict.FirstBroken);
        Assert.Equal(6, verdict.Entries);
    }

    [Fact]
    public async Task The_newest_entries_are_missed_even_if_the_database_is_made_to_know_nothing_of_them()
    {
        var admin = await NewEnterprise(entries: 4);
        var earlier = await Ask($"select to_jsonb(chain_head)::text from chain_head where enterprise_id = '{admin.GroupId}'");
        await Happened(admin, 3, alreadyThere: 4);

        // The head of before, signature and all: nothing in the database is wrong.
        await Ask($"delete from activity where seq > 4 and enterprise_id = '{admin.GroupId}'");
        await Ask($"update chain_head set (seq, hash, at, signature) = (select was.seq, was.hash, was.at, was.signature from "
            + $"jsonb_populate_record(null::chain_head, '{earlier}') was) where enterprise_id = '{admin.GroupId}'");

        var verdict = await Verify(admin);
        Assert.Equal((false, 4, "#5"), (verdict.Ok, verdict.Entries, verdict.FirstBroken));
        Assert.Contains("there were 7 entries", verdict.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chain_that_was_recomputed_from_one_entry_on_differs_from_the_signed_one()
    {
        var admin = await NewEnterprise(entries: 1);
        await Happened(admin, 2, alreadyThere: 1);
        var second = await Ask($"select id::text from activity where seq = 2 and enterprise_id = '{admin.GroupId}'");

        // The forger knows how hashes are made, but cannot sign the head.
        await using (var db = NpgsqlDataSource.Create(audit.Settings["ConnectionStrings:audit"]))
            await Forge.FromSecondEntryOn(db, admin.GroupId);

        var verdict = await Verify(admin);
        Assert.False(verdict.Ok);
        Assert.Contains("signed", verdict.Problem, StringComparison.Ordinal);
        var third = await Ask($"select id::text from activity where seq = 3 and enterprise_id = '{admin.GroupId}'");
        Assert.Contains(verdict.FirstBroken, new[] { second, third });
    }

    [Fact]
    public async Task A_signed_head_that_was_changed_or_taken_away_is_named()
    {
        var admin = await NewEnterprise(entries: 3);
        var folder = audit.Settings["Audit:HeadsFolder"];
        var file = Directory.GetFiles(folder).Single(file => ReadShared(file).Contains($"{admin.GroupId}", StringComparison.Ordinal));

        var whole = ReadShared(file);
        WriteShared(file, whole.Replace($"{admin.GroupId} 3 ", $"{admin.GroupId} 2 ", StringComparison.Ordinal) + "\n");
        Assert.StartsWith(Path.GetFileName(file), (await Verify(admin)).FirstBroken, StringComparison.Ordinal);

        WriteShared(file, "");
        Assert.Contains("outside of the database", (await Verify(admin)).Problem, StringComparison.Ordinal);
        WriteShared(file, whole);
        Assert.True((await Verify(admin)).Ok);
    }

    [Fact]
    public async Task Only_an_Admin_of_the_root_may_verify()
    {
        await audit.Given(Demo.BlueDolphin);

        foreach (var person in new[] { Demo.RootUser, Demo.EastAdmin })
            Assert.Equal(HttpStatusCode.Forbidden,
                (await audit.SignedInAs(person).GetAsync("/api/audit/verify", TestContext.Current.CancellationToken)).StatusCode);
    }

    static string ReadShared(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    static void WriteShared(string file, string text)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.SetLength(0);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(text));
    }

    async Task<Person> NewEnterprise(int entries)
    {
        var id = Guid.CreateVersion7();
        var admin = Demo.RootAdmin with { GroupId = id };
        await audit.Given(Demo.TumbleTime with { EnterpriseId = id, Groups = [Demo.TumbleTime.Groups[0] with { Id = id }], Accounts = [] });
        await Happened(admin, entries, alreadyThere: 0);
        return admin;
    }

    async Task Happened(Person admin, int entries, int alreadyThere)
    {
        await Task.WhenAll(Enumerable.Range(0, entries)
            .Select(number =>
                audit.Bus.Publish(new ActivityRecorded(Guid.CreateVersion7(), audit.Clock.GetUtcNow().AddDays(-20 * number), admin.GroupId,
            new(admin.Id, admin.Name, admin.Email, admin.Level, admin.GroupId), "group.renamed", $"Group {number}", null, "Accounts", null, """{ "to": "/" }"""))));
        await Eventually(async () => (await Verify(admin)) is { Ok: true } verdict && verdict.Entries == alreadyThere + entries);
    }

    async Task<LogVerdict> Verify(Person admin) =>
        (await audit.SignedInAs(admin).GetFromJsonAsync<LogVerdict>("/api/audit/verify", TestContext.Current.CancellationToken))!;

    /// <summary>As the superuser.</summary>
    async Task<string?> Ask(string sql)
    {
        await using var db = NpgsqlDataSource.Create(audit.Settings["ConnectionStrings:audit"]);
        await using var command = db.CreateCommand(sql);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) as string;
    }
}

static class Forge
{
    public static async Task FromSecondEntryOn(NpgsqlDataSource db, Guid enterprise)
    {
        var (entries, hash) = (new List<(long Seq, ActivityRecorded Entry)>(), Array.Empty<byte>());
        await using (
            var command =
                db.CreateCommand(
                    "select seq, hash, id, at, person_id, person, person_email, level, group_id, action, subject, source, details::text "
                    + "from activity where enterprise_id = $1 order by seq"))
        {
            command.Parameters.AddWithValue(enterprise);
            await using var row = await command.ExecuteReaderAsync();
            while (await row.ReadAsync())
                if (row.GetInt64(0) == 1)
                    hash = row.GetFieldValue<byte[]>(1);
                else
                    entries.Add((row.GetInt64(0), new(row.GetGuid(2), row.GetFieldValue<DateTimeOffset>(3), enterprise,
                        new(row.GetGuid(4), row.GetString(5), row.GetString(6), row.GetString(7), row.GetGuid(8)),
                        row.GetString(9), "Another", null, row.GetString(11), null, row.GetString(12))));
        }
        foreach (var (seq, entry) in entries)
        {
            hash = Chain.Link(seq, entry, hash);
            await using var command = db.CreateCommand(
                "update activity set subject = 'Another', hash = $3 where enterprise_id = $1 and seq = $2");
            command.Parameters.AddWithValue(enterprise);
            command.Parameters.AddWithValue(seq);
            command.Parameters.AddWithValue(hash);
            await command.ExecuteNonQueryAsync();
        }
        await using var head = db.CreateCommand("update chain_head set hash = $2 where enterprise_id = $1");
        head.Parameters.AddWithValue(enterprise);
        head.Parameters.AddWithValue(hash);
        await head.ExecuteNonQueryAsync();
    }
}
