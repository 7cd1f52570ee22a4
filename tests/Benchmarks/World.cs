using System.Net;
using System.Net.Http.Headers;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Local;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EnterprisePortal.Benchmarks;

/// <summary>
/// Search and the gateway as they run, on a real PostgreSQL and RabbitMQ, over HTTP; stand-ins for Identity and for 300 account systems, each a host of its own
/// (Linux answers on all of 127.0.0.0/8). Stores: <c>ConnectionStrings__postgres</c> and <c>__messaging</c>, else private ones.
/// </summary>
sealed class World : IAsyncDisposable
{
    public const int Accounts = 300;
    static readonly Guid Root = Guid.CreateVersion7();
    static readonly Person person = new(Guid.CreateVersion7(), "Bea Measured", "bea@example.com", Person.User, Root, "session");

    readonly string folder = Path.Combine(Path.GetTempPath(), $"enterprise-portal-benchmarks-{Environment.ProcessId}");
    readonly List<IAsyncDisposable> started = [];
    readonly Dictionary<string, string> settings = new() { ["Portal:Url"] = TestIdentity.Issuer, ["Portal:Client"] = "search", ["Portal:ClientSecret"] = "secret" };
    int tokens;

    public Hosted<Search.PhoneSearch.PhoneLookups> Search { get; private set; } = null!;
    public IReadOnlyList<AccountState> Directory { get; private set; } = [];
    public Reach Reach => Search.Services.GetRequiredService<DirectoryReplica>().ReachOf(person);

    /// <param name="delay">How long an account thinks, by its number.</param>
    public static async Task<World> Start(Func<int, TimeSpan> delay)
    {
        var world = new World();
        try
        {
            await world.StartAll(delay);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    async Task StartAll(Func<int, TimeSpan> delay)
    {
        await StartStores();
        var port = await StartStandIns(delay);
        settings["services:identity:http:0"] = $"http://127.0.0.1:{port}";
        Search = Host<Search.PhoneSearch.PhoneLookups>();
        Directory = [.. Enumerable.Range(0, Accounts).Select(number => new AccountState($"account-{number:000}", $"Account {number}", AccountState.Active, "America/Chicago", "US",
            $"http://127.0.{1 + number / 250}.{1 + number % 250}:{port}/{number}", """{"keys":[]}"""))];
        Search.Services.GetRequiredService<DirectoryReplica>().Apply(
            new(Root, "Benchmark", 1, [new(Root, "Benchmark", null, true, null, null, [.. Directory.Select(account => account.Code)])], Directory));
    }

    public Hosted<Gateway.Session.EndRevokedSessions> StartGateway()
    {
        settings["services:search:http:0"] = Search.ClientOptions.BaseAddress.ToString();
        return Host<Gateway.Session.EndRevokedSessions>();
    }

    /// <summary>As after the service's first seconds.</summary>
    public async Task TokensAreWarm()
    {
        while (Volatile.Read(ref tokens) < Accounts)
            await Task.Delay(50);
    }

    async Task StartStores()
    {
        if (Given("ConnectionStrings__postgres") is { } postgres && Given("ConnectionStrings__messaging") is { } messaging)
        {
            (settings["ConnectionStrings:search"], settings["ConnectionStrings:messaging"]) = (postgres, messaging);
            return;
        }
        var database = PrivatePostgres.Start(Path.Combine(folder, "postgres"), 0, "benchmarks", durable: false, null, CancellationToken.None);
        var broker = PrivateRabbitMQ.Start(Path.Combine(folder, "rabbitmq"), 0, 0, "portal", "benchmarks", null, CancellationToken.None);
        await Task.WhenAll(database, broker);
        started.AddRange([await database, await broker]);
        (settings["ConnectionStrings:search"], settings["ConnectionStrings:messaging"]) = ((await database).ConnectionString, (await broker).ConnectionString);
    }

    static string? Given(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    async Task<int> StartStandIns(Func<int, TimeSpan> delay)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Any, 0));
        builder.WebHost.UseSockets(sockets => sockets.Backlog = 4096); // one listener stands for 300 hosts
        var app = builder.Build();
        app.MapGet("/{number:int}/api/enterprise/v1/families", async (int number, CancellationToken cancel) =>
        {
            await Task.Delay(delay(number), cancel);
            return TypedResults.Ok(new LiveFamilies(number == 7 ? [new("1", "Measured, Bea")] : []));
        });
        app.MapFallback(async http =>
        {
            if (http.Request.Path == "/connect/token")
                Interlocked.Increment(ref tokens);
            using var answer = TestIdentity.Answer(new(HttpMethod.Get, new Uri($"http://identity{http.Request.Path}")));
            http.Response.StatusCode = (int)answer.StatusCode;
            http.Response.ContentType = "application/json";
            await answer.Content.CopyToAsync(http.Response.Body);
        });
        await app.StartAsync();
        started.Add(app);
        return new Uri(app.Urls.Single().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)).Port;
    }

    Hosted<TMarker> Host<TMarker>() where TMarker : class
    {
        var name = typeof(TMarker).Assembly.GetName().Name!.ToLowerInvariant();
        var database = $"{name}_benchmark_{Environment.ProcessId}";
        var server = settings["ConnectionStrings:search"];
        using (var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Database = "postgres", Pooling = false }.ConnectionString))
        {
            connection.Open();
            using var create = new NpgsqlCommand($"create database {database}", connection);
            create.ExecuteNonQuery();
        }
        var own = new Dictionary<string, string>(settings) { [$"ConnectionStrings:{name}"] = new NpgsqlConnectionStringBuilder(server) { Database = database }.ConnectionString };
        var hosted = new Hosted<TMarker>(own, person);
        hosted.UseKestrel(0);
        hosted.StartServer();
        started.Add(hosted);
        return hosted;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(started))
            await one.DisposeAsync();
        if (System.IO.Directory.Exists(folder))
            System.IO.Directory.Delete(folder, recursive: true);
    }
}

/// <summary>A service as it runs, but in this process, on a port of its own.</summary>
sealed class Hosted<TMarker>(Dictionary<string, string> settings, Person person) : WebApplicationFactory<TMarker> where TMarker : class
{
    /// <summary>Signed in.</summary>
    public HttpClient Client()
    {
        var client = new HttpClient { BaseAddress = ClientOptions.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestIdentity.TokenOf(person));
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseContentRoot(AppContext.BaseDirectory);
        foreach (var (name, value) in settings)
            builder.UseSetting(name, value);
        builder.ConfigureLogging(logging => logging.ClearProviders());
    }
}
