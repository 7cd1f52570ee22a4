using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace EnterprisePortal.AppHost.Stores;

/// <summary>
/// PostgreSQL and RabbitMQ: from <c>ConnectionStrings:postgres</c> and <c>ConnectionStrings:messaging</c> if given, else containers if an
/// engine answers (and in every published manifest), else private servers from this machine's programs. The resource names are always the
/// same. The setting <c>Stores</c> (<c>containers</c> or <c>processes</c>) skips the check for an engine.
/// </summary>
sealed class Stores
{
    const string PostgresTag = "17.6", RabbitMQTag = "4.3";
    readonly Func<string, string, IResourceBuilder<IResourceWithConnectionString>> database;
    readonly Dictionary<string, IResourceBuilder<IResourceWithConnectionString>> databases = [];

    public Stores(IDistributedApplicationBuilder builder, DataFolder data)
    {
        var containers = builder.ExecutionContext.IsPublishMode || ContainersAreWanted(builder.Configuration);
        if (Given("postgres") is { } postgres)
        {
            GivenStores.TryPostgres(postgres);
            database = builder.AddGivenPostgres("postgres").AddDatabase;
        }
        else
            database = containers ? Container(builder, data) : builder.AddLocalPostgres("postgres", data).AddDatabase;
        if (Given("messaging") is { } messaging)
        {
            GivenStores.TryMessaging(messaging);
            Messaging = builder.AddConnectionString("messaging");
        }
        else
            Messaging = containers
                ? builder.AddRabbitMQ("messaging", password: builder.AddSecret("messaging-password", data)).WithImageTag(RabbitMQTag)
                    .WithDataVolume(data.Volume("messaging")).WithManagementPlugin()
                : builder.AddLocalRabbitMQ("messaging", data);

        string? Given(string store) =>
            builder.ExecutionContext.IsRunMode && builder.Configuration.GetConnectionString(store) is { Length: > 0 } given ? given : null;
    }

    public IResourceBuilder<IResourceWithConnectionString> Messaging { get; }

    /// <summary>The resource is <c>{name}-db</c>: resource names are unique, and the service has the plain one.</summary>
    public IResourceBuilder<IResourceWithConnectionString> Database(string name) =>
        databases.TryGetValue(name, out var there) ? there : databases[name] = database($"{name}-db", name);

    static Func<string, string, IResourceBuilder<IResourceWithConnectionString>> Container(
        IDistributedApplicationBuilder builder, DataFolder data)
    {
        var postgres = builder.AddPostgres("postgres", password: builder.AddSecret("postgres-password", data)).WithImageTag(PostgresTag)
            .WithDataVolume(data.Volume("postgres"));
        return (resource, name) => postgres.AddDatabase(resource, name);
    }

    static bool ContainersAreWanted(IConfiguration settings) => settings["Stores"] switch
    {
        "containers" => true,
        "processes" => false,
        null or "" => EngineAnswers(settings["ASPIRE_CONTAINER_RUNTIME"] ?? "docker") || EngineAnswers("podman"),
        var other => throw new StartRefused($"The setting Stores is {other}; it can be containers, processes, or left out.")
    };

    static bool EngineAnswers(string engine)
    {
        try
        {
            using var asked = Process.Start(new ProcessStartInfo(engine, ["container", "ls", "--quiet"])
            {
                RedirectStandardOutput = true, RedirectStandardError = true
            })!;
            if (asked.WaitForExit(TimeSpan.FromSeconds(5)))
                return asked.ExitCode == 0;
            asked.Kill();
            return false;
        }
        catch (Win32Exception)
        {
            // No engine is installed.
            return false;
        }
    }
}
