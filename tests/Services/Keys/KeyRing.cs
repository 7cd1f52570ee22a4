using EnterprisePortal.ServiceDefaults.Database;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EnterprisePortal.Tests.Keys;

/// <summary>A service with nothing but a key ring, on a database with nothing else.</summary>
static class KeyRing
{
    /// <param name="secret">What the service was given; null: nothing.</param>
    public static WebApplicationBuilder Service(string database, string? secret, string? previous = null,
        string environment = "Development")
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:ring"] = database, ["urls"] = "http://127.0.0.1:0",
            [KeysUnderSecret.Setting] = secret, [KeysUnderSecret.PreviousSetting] = previous
        });
        builder.Logging.ClearProviders();
        builder.AddNpgsqlDataSource("ring");
        return builder;
    }

    public static async Task<WebApplication> Started(this WebApplicationBuilder builder)
    {
        var app = builder.AddDataProtectionInDatabase("ring").Build();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    public static IDataProtector Protector(this IHost service) =>
        service.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("a test");

    /// <summary>What somebody can make of a database by the framework's own means, with or without the secret.</summary>
    public static IDataProtectionProvider Opened(NpgsqlDataSource database, string application, string? secret)
    {
        var services = new ServiceCollection();
        var given = new ConfigurationBuilder().AddInMemoryCollection([new(KeysUnderSecret.Setting, secret)]).Build();
        services.AddSingleton<IConfiguration>(given);
        services.AddDataProtection().SetApplicationName(application).DisableAutomaticKeyGeneration();
        services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new KeysInDatabase(database));
        return services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>();
    }
}
