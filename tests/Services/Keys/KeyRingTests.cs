using System.Security.Cryptography;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;

namespace EnterprisePortal.Tests.Keys;

public sealed class KeyRingTests(Servers servers) : IAsyncLifetime
{
    const string First = "the first secret, of thirty-two characters or more", Second = "the second secret, which is also long enough";
    readonly string name = $"ring_{Environment.ProcessId}_{Random.Shared.GetHexString(6, lowercase: true)}";
    NpgsqlDataSource database = null!;
    string connection = "";

    public async ValueTask InitializeAsync()
    {
        database = NpgsqlDataSource.Create(connection = await servers.NewDatabase(name));
        await using var make = database.CreateCommand("create table data_protection_key (name text primary key, xml text not null)");
        await make.ExecuteNonQueryAsync();
    }

    [Fact]
    public async Task Data_protected_before_there_was_a_secret_still_opens_and_its_key_is_no_longer_in_the_clear()
    {
        var hidden = await Protect("an old one", secret: null);
        Assert.Contains("<masterKey", Assert.Single(await Ring()), StringComparison.Ordinal);

        Assert.Equal("an old one", await Open(hidden, First));

        Assert.DoesNotContain("<masterKey", Assert.Single(await Ring()), StringComparison.Ordinal);
        Assert.Throws<CryptographicException>(() => KeyRing.Opened(database, "ring", null).CreateProtector("a test").Unprotect(hidden));
    }

    [Fact]
    public async Task After_a_change_of_the_secret_both_open_until_the_keys_are_brought_under_the_new_one_and_then_only_that()
    {
        var hidden = await Protect("protected before", First);

        Assert.Equal("protected before", await Open(hidden, Second, previous: First));
        Assert.Equal("protected before", await Open(hidden, First));
        Assert.Equal(0, await Brought(Second, First));
        var ring = await Ring();

        Assert.Equal("protected before", await Open(hidden, Second));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Open(hidden, First));
        Assert.Equal(0, await Brought(Second, First));
        Assert.Equal(ring, await Ring());
    }

    [Theory]
    [InlineData(null), InlineData(Second)]
    public async Task A_service_without_the_secret_of_its_keys_says_so_and_does_not_start_with_fresh_ones(string? secret)
    {
        await Protect("something", First);
        var ring = await Ring();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => KeyRing.Service(connection, secret).Started());

        Assert.Contains("DataProtection:Key", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ring, await Ring());
    }

    [Theory]
    [InlineData("Production", null), InlineData("Staging", null), InlineData("Production", "")]
    [InlineData("Production", "too-short"), InlineData("Development", "too-short")]
    public void A_service_that_keeps_protected_data_refuses_to_start_without_a_secret_worth_the_name(string environment, string? secret)
    {
        var service = KeyRing.Service(connection, secret, environment: environment);

        var refused = Assert.Throws<InvalidOperationException>(() => service.AddDataProtectionInDatabase("ring"));

        Assert.Contains("DataProtection:Key", refused.Message, StringComparison.Ordinal);
    }

    async Task<string> Protect(string text, string? secret)
    {
        await using var service = await KeyRing.Service(connection, secret).Started();
        return service.Protector().Protect(text);
    }

    async Task<string> Open(string hidden, string secret, string? previous = null)
    {
        await using var service = await KeyRing.Service(connection, secret, previous).Started();
        return service.Protector().Unprotect(hidden);
    }

    Task<int> Brought(string secret, string previous) => KeyRing.Service(connection, secret, previous).ProtectKeys("ring");

    async Task<List<string>> Ring()
    {
        var keys = new List<string>();
        var cancel = TestContext.Current.CancellationToken;
        await using var rows = await database.CreateCommand("select xml from data_protection_key order by name").ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            keys.Add(rows.GetString(0));
        return keys;
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        await servers.DropDatabase(name);
    }
}
