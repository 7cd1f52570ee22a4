using System.Text.Json;
using Npgsql;

namespace EnterprisePortal.Tests.EndToEnd.Support;

/// <summary>A portal of its own for the tests that kill parts of it: one start, in which Blue Dolphin has forty accounts with few families.</summary>
public sealed class FortyAccounts : IAsyncLifetime
{
    public const int Count = 40;

    public World World { get; } = new();
    public RunningPortal Running { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        // Two of three that come after the first twelve are Blue Dolphin's.
        Running = new(World, ("Demo__Accounts", "60"), ("Demo__Families", "4"));
        await Running.Ready();
    }

    /// <summary>Something that only the account side's own database knows.</summary>
    public async Task<long> Office(string sql)
    {
        var port = (await File.ReadAllLinesAsync(Path.Combine(World.Folder, "postgres", "data", "postmaster.pid")))[3];
        var password = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(World.Folder, "parameters.json"))).RootElement.GetProperty("postgres-password").GetString();
        await using var office = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={port};Username=portal;Password={password};Database=officeportal;Pooling=false");
        await using var command = office.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await Running.DisposeAsync();
        World.Dispose();
    }
}
