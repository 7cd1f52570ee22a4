using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.Settings;
using Microsoft.AspNetCore.Identity;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Demo;

/// <summary><c>Demo:Accounts</c>, <c>Demo:Families</c> (per account) and <c>Demo:Folder</c> (for the portal's import files).</summary>
public sealed class DemoOptions
{
    [Range(0, 1000)]
    public int Accounts { get; set; } = 12;

    [Range(0, 100_000)]
    public int Families { get; set; } = 300;

    public string? Folder { get; set; }
}

public static class DemoWorldExtensions
{
    /// <summary>
    /// Development only, and only if <c>Demo:Accounts</c> is set. Call after AddDatabase: the world exists before the first request.
    /// </summary>
    public static WebApplicationBuilder AddDemoWorld(this WebApplicationBuilder builder)
    {
        if (!builder.Environment.IsDevelopment() || builder.Configuration["Demo:Accounts"] is null)
            return builder;
        builder.AddSettings<DemoOptions>("Demo");
        builder.Services.AddHostedService<DemoWorld>();
        return builder;
    }
}

/// <summary>
/// Makes the missing accounts of the demo world; two worlds of the same size made on the same day are identical. Existing accounts stay as
/// they are, whatever people did to them.
/// </summary>
sealed class DemoWorld(NpgsqlDataSource db, Microsoft.Extensions.Options.IOptions<DemoOptions> options, IConfiguration configuration,
    TimeProvider clock, ILogger<DemoWorld> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var (accounts, families) = (DemoAccount.First(options.Value.Accounts), options.Value.Families);
        await using var alone = await db.Lock("demo-world", cancellationToken);
        var there = await Codes(alone.Connection, cancellationToken);
        var missing = accounts.Where(account => !there.Contains(account.Code)).ToList();
        if (missing.Count > 0)
        {
            var now = clock.GetUtcNow();
            // One hash for all: hashing is slow by design, and the password is public anyway.
            var password = new PasswordHasher<object>().HashPassword(new(), DemoOffice.Password);
            await Parallel.ForEachAsync(missing, cancellationToken, async (account, cancel) =>
                await MakeAccount.Rows(account, accounts, families, now, password).Save(db, cancel));
            await Run(alone.Connection, BeyondDemoIds, cancellationToken);
            await Run(alone.Connection, "analyze", cancellationToken);
            log.LogInformation("Demo world: {Accounts} accounts with {Families} families each in {Seconds:0.0} s", missing.Count, families,
                watch.Elapsed.TotalSeconds);
        }
        if (options.Value.Folder is { } folder)
            await ImportFiles.Write(folder, accounts, configuration["Office:Url"]
                ?? throw new InvalidOperationException("Office:Url is not set."), cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Demo rows number themselves from 1 in each account; rows that people add get higher ids.
    const string BeyondDemoIds = """
        do $$
        declare one record;
        begin
          for one in select sequencename as name, last_value from pg_sequences where schemaname = 'public' loop
            perform setval(one.name::regclass, greatest(1000000, coalesce(one.last_value, 0)));
          end loop;
        end $$
        """;

    static async Task<HashSet<string>> Codes(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select code from account", connection);
        await using var row = await command.ExecuteReaderAsync(cancel);
        var codes = new HashSet<string>();
        while (await row.ReadAsync(cancel))
            codes.Add(row.GetString(0));
        return codes;
    }

    static async Task Run(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancel);
    }
}
