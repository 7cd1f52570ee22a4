using Npgsql;

namespace EnterprisePortal.Tests.EndToEnd.Support;

/// <summary>
/// A portal of its own for the tests that kill parts of it: started once, with forty Blue Dolphin accounts of few families.
/// </summary>
public sealed class FortyAccounts : IAsyncLifetime
{
    public const int Count = 40;

    public World World { get; } = new();
    public HostedPortal Running { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        // Of the accounts after the first twelve, two of three are Blue Dolphin's.
        Running = await HostedPortal.Start(World, "Demo:Accounts=60", "Demo:Families=4");

    /// <summary>Queries the account side's own database.</summary>
    public async Task<long> Office(string sql)
    {
        await using var office = NpgsqlDataSource.Create($"{await Running.ConnectionString("officeportal")};Pooling=false");
        await using var command = office.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await Running.DisposeAsync();
        World.Dispose();
    }
}
