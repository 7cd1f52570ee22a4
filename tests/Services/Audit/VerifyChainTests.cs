using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Audit;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EnterprisePortal.Tests.Audit;

public sealed class VerifyChainTests(Service<RecordActivity> audit) : IClassFixture<Service<RecordActivity>>
{
    [Theory]
    [InlineData("update activity set subject = 'Another' where seq = 7", "the entry")]
    [InlineData("update activity set details = '{ \"to\":  \"/\" }' where seq = 7", "the entry")]
    [InlineData("update activity set at = at + interval '1 microsecond' where seq = 7", "the entry")]
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
    public async Task Only_an_Admin_of_the_root_may_verify()
    {
        await audit.Given(Demo.BlueDolphin);

        foreach (var person in new[] { Demo.RootUser, Demo.EastAdmin })
            Assert.Equal(HttpStatusCode.Forbidden, (await audit.SignedInAs(person).GetAsync("/api/audit/verify", TestContext.Current.CancellationToken)).StatusCode);
    }

    async Task<Person> NewEnterprise(int entries)
    {
        var id = Guid.CreateVersion7();
        var admin = Demo.RootAdmin with { GroupId = id };
        await audit.Given(Demo.TumbleTime with { EnterpriseId = id, Groups = [Demo.TumbleTime.Groups[0] with { Id = id }] });
        await Task.WhenAll(Enumerable.Range(0, entries).Select(number => audit.Bus.Publish(new ActivityRecorded(Guid.CreateVersion7(), audit.Clock.GetUtcNow().AddDays(-20 * number), id,
            new(admin.Id, admin.Name, admin.Email, admin.Level, id), "account.entered", $"Account {number}", null, "Accounts", null, """{ "to": "/" }"""))));
        await Eventually(async () => (await Verify(admin)).Entries == entries);
        return admin;
    }

    async Task<VerifyChain.Verdict> Verify(Person admin) =>
        (await audit.SignedInAs(admin).GetFromJsonAsync<VerifyChain.Verdict>("/api/audit/verify", TestContext.Current.CancellationToken))!;

    async Task<string?> Ask(string sql)
    {
        await using var command = audit.Instance.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) as string;
    }
}
