using System.Security.Cryptography;
using EnterprisePortal.Tests.Gateway;
using EnterprisePortal.Tests.Identity;
using EnterprisePortal.Tests.OfficePortal;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;

namespace EnterprisePortal.Tests.Keys;

/// <summary>A copy of a service's database, without the secret that is not in it.</summary>
public class StolenDatabaseTests(Servers servers)
{
    [Fact]
    public async Task A_thief_of_Identitys_database_cannot_sign_as_the_portal()
    {
        await using var identity = new IdentityService(servers);
        await identity.InitializeAsync();

        await IsClosed(identity.Settings["ConnectionStrings:identity"], "identity", ["server-keys"], "select protected from server_key");
    }

    [Fact]
    public async Task A_thief_of_the_gateways_database_has_nobodys_session()
    {
        await using var gateway = new GatewayService(servers);
        await gateway.InitializeAsync();
        await gateway.SignIn(Demo.RootAdmin);

        await IsClosed(gateway.Settings["ConnectionStrings:gateway"], "gateway", ["EnterprisePortal.Gateway.Ticket"],
            "select ticket from session");
    }

    [Fact]
    public async Task A_thief_of_the_Office_Portals_database_cannot_pass_for_an_account()
    {
        await using var office = new WebOffice(servers);
        await office.InitializeAsync();

        await IsClosed(office.Connection, "OfficePortal", ["client-key", WebOffice.Austin],
            $"select decode(client_key, 'base64') from account where code = '{WebOffice.Austin}'");
    }

    /// <summary>The same steps that open it with the secret do not without it, and nothing in the copy opens the ring.</summary>
    async Task IsClosed(string original, string application, string[] purposes, string protectedData)
    {
        var copy = await servers.CopyOf(original);
        try
        {
            await using var database = NpgsqlDataSource.Create(copy);
            var taken = new List<byte[]>();
            await using (var rows = await database.CreateCommand(protectedData).ExecuteReaderAsync(TestContext.Current.CancellationToken))
                while (await rows.ReadAsync(TestContext.Current.CancellationToken))
                    taken.Add((byte[])rows[0]);

            Assert.NotEmpty(taken);
            Assert.All(taken, data => Assert.NotEmpty(With(Servers.Secret).Unprotect(data)));
            foreach (var secret in new[] { null, "another secret, of thirty-two characters or more" })
                Assert.All(taken, data => Assert.Throws<CryptographicException>(() => With(secret).Unprotect(data)));

            IDataProtector With(string? secret) => KeyRing.Opened(database, application, secret).CreateProtector(purposes);
        }
        finally
        {
            await servers.DropDatabase(new NpgsqlConnectionStringBuilder(copy).Database!);
        }
    }
}
