using System.Reflection;
using Dapper;
using DbUp;
using EnterprisePortal.ServiceDefaults.Background;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.Database;

public static class DatabaseExtensions
{
    /// <summary>
    /// The service's own database: its data source, and the scripts of its <c>Migrations</c> folder, which run before anything else starts.
    /// </summary>
    public static WebApplicationBuilder AddDatabase(this WebApplicationBuilder builder, string name, Assembly scripts)
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        builder.AddNpgsqlDataSource(name, configureDataSourceBuilder: source =>
        {
            // Frequent statements are parsed and planned once per connection.
            source.ConnectionStringBuilder.MaxAutoPrepare = 30;
            // What a burst opened is closed soon after it: each idle connection is a process of PostgreSQL with 2 to 3 MB of its own.
            source.ConnectionStringBuilder.ConnectionIdleLifetime = 30;
        });
        builder.Services.AddSingleton<IHostedService>(
            services => new MigrateDatabase(services.GetRequiredService<NpgsqlDataSource>(), scripts,
            services.GetRequiredService<ILogger<MigrateDatabase>>()));
        return builder;
    }

    /// <summary>The same with an EF Core context over the same data source.</summary>
    public static WebApplicationBuilder AddDatabase<TDb>(this WebApplicationBuilder builder, string name) where TDb : ServiceDb
    {
        builder.AddDatabase(name, typeof(TDb).Assembly);
        builder.Services.AddDbContextPool<TDb>((services, options) => options
            .UseNpgsql(services.GetRequiredService<NpgsqlDataSource>()).UseSnakeCaseNamingConvention());
        return builder;
    }
}

/// <summary>
/// Runs each script once, as soon as PostgreSQL is there. Replicas that start together take turns; hosted services registered later find
/// the tables ready.
/// </summary>
public sealed class MigrateDatabase(NpgsqlDataSource db, Assembly scripts, ILogger<MigrateDatabase> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var alone = await PatientStart.Until("migrate", () => db.Lock("migrate", cancellationToken), log, cancellationToken);
        var result = DeployChanges.To.PostgresqlDatabase(new DbUp.Postgresql.PostgresqlConnectionManager(db))
            .JournalToPostgresqlTable("public", "migration")
            .WithScriptsEmbeddedInAssemblies([scripts], name => name.EndsWith(".sql", StringComparison.Ordinal))
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogToNowhere()
            .Build().PerformUpgrade();
        if (!result.Successful)
            throw new InvalidOperationException($"Migration {result.ErrorScript?.Name} failed.", result.Error);
        foreach (var script in result.Scripts)
            log.LogInformation("Migrated: {Script}", script.Name);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
