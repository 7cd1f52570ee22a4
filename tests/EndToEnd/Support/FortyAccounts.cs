using Npgsql;

namespace EnterprisePortal.Tests.EndToEnd.Support;

/// <summary>A portal of its own for the tests that kill parts of it: one start, in which Blue Dolphin has forty accounts with few families.</summary>
public sealed class FortyAccounts : IAsyncLifetime
{
    public const int Count = 40;

    public World World { get; } = new();
    public HostedPortal Running { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        // Two of three that come after the first twelve are Blue Dolphin's.
        Running = await HostedPortal.Start(World, "Demo:Accounts=60", "Demo:Families=4");

    /// <summary>Something that only the account side's own database knows.</summary>
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
