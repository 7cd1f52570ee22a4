using System.Text;
using EnterprisePortal.Accounts.Import;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Accounts;

public class ImportTests(AccountsService accounts) : IClassFixture<AccountsService>
{
    [Fact]
    public async Task Every_bad_entry_is_named_before_anything_is_done()
    {
        var (file, faults) = await EnterpriseFile.Read(Encoding.UTF8.GetBytes(
            """
            {
              "name": "Acme",
              "groups": [
                { "name": "Acme", "accounts": ["acme-one"] },
                { "name": "North", "parent": "Amce", "accounts": ["acme-two"], "adminEmail": "nobody" },
                { "name": "north", "parent": "Acme", "accounts": ["acme-9"] }
              ],
              "accounts": [
                { "baseUrl": "http://office.example/acme-one", "pairingCode": "1" },
                { "baseUrl": "ftp://office.example/acme-two", "pairingCode": "" }
              ],
              "users": [ { "email": "rosa", "name": "Rosa", "level": "boss", "group": "South", "provider": "google" } ]
            }
            """), development: true, TestContext.Current.CancellationToken);

        Assert.Null(file);
        Assert.Collection(faults.Order(StringComparer.Ordinal),
            fault => Assert.StartsWith("accounts[1] ftp://office.example/acme-two: \"ftp://office.example/acme-two\" is not a base URL.",
                fault),
            fault => Assert.StartsWith("accounts[1] ftp://office.example/acme-two: the pairing code is missing", fault),
            fault => Assert.StartsWith("groups \"Acme\": the root has every account, and acme-two is missing", fault),
            fault => Assert.StartsWith("groups[1] \"North\": \"nobody\" is not an e-mail address", fault),
            fault => Assert.StartsWith("groups[1] \"North\": its parent \"Amce\" is not among the groups before it", fault),
            fault => Assert.StartsWith("groups[2] \"north\": its parent \"Acme\" does not have acme-9", fault),
            fault => Assert.StartsWith("groups[2] \"north\": the account \"acme-9\" is not in this file", fault),
            fault => Assert.StartsWith("groups[2] \"north\": this name is there twice", fault),
            fault => Assert.StartsWith("users[0] rosa: a level is admin or user", fault),
            fault => Assert.StartsWith("users[0] rosa: not an e-mail address", fault),
            fault => Assert.StartsWith("users[0] rosa: there is no group \"South\"", fault));
    }

    [Theory]
    [InlineData("http://swim.example.com/a")]
    [InlineData("https://127.0.0.1/a")]
    [InlineData("https://10.1.2.3/a")]
    [InlineData("https://[::1]/a")]
    [InlineData("https://[::ffff:192.168.1.1]/a")]
    public async Task In_production_only_public_https_addresses_are_called(string baseUrl) =>
        Assert.NotNull(await BaseUrls.Problem(baseUrl, development: false, TestContext.Current.CancellationToken));

    [Fact]
    public async Task A_broken_import_goes_on_where_it_stopped_and_a_file_done_before_does_nothing()
    {
        var file = AccountsService.FileOf(
            new(Guid.Empty, "Acme", 0, [new(Guid.Empty, "Acme", null, true, null, "a@acme.example", ["acme-one", "acme-two"]),
                new(Demo.EastId, "North", Guid.Empty, true, null, null, ["acme-two"])],
            [.. new[] { "acme-one", "acme-two" }
                .Select(code => Demo.BlueDolphin.Accounts[0] with { Code = code, BaseUrl = $"http://office.example/{code}" })]));
        accounts.Down.Add("acme-two");

        Assert.Equal(2, await accounts.Import(file));
        Assert.DoesNotContain(accounts.Bus.Heard<DirectoryChanged>(), directory => directory.EnterpriseName == "Acme");
        accounts.Down.Clear();
        Assert.Equal(0, await accounts.Import(file));
        Assert.Equal(0, await accounts.Import(file));

        var directory = await accounts.Published<DirectoryChanged>(it => it.EnterpriseName == "Acme");
        Assert.Equal(["active", "active"], directory.Accounts.Select(account => account.Status));
        Assert.Equal(["acme-one", "acme-two"], directory.Groups.Single(group => group.Id == directory.EnterpriseId).Accounts);
        Assert.Equal(["acme-two"], directory.Groups.Single(group => group.Name == "North").Accounts);
        var imported = await accounts.Published<EnterpriseImported>(it => it.Name == "Acme");
        Assert.Equal(directory.EnterpriseId, Assert.Single(imported.Users).GroupId);
        Assert.Equal(["account-acme-one", "account-acme-two"], accounts.Pairings.Where(pairing => pairing.EnterpriseName == "Acme")
            .Select(pairing => pairing.ClientId));
    }

    [Fact]
    public async Task An_account_of_another_enterprise_cannot_be_imported_again()
    {
        var stolen = AccountsService.FileOf(
            new(Guid.Empty, "Thief", 0, [new(Guid.Empty, "Thief", null, true, null, null, ["bluedolphin-austin"])],
                [Demo.BlueDolphin.Accounts.Single(account => account.Code == "bluedolphin-austin")]));

        Assert.Equal(2, await accounts.Import(stolen));
        Assert.DoesNotContain(accounts.Pairings, pairing => pairing.EnterpriseName == "Thief");
    }
}
