using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Tests.Stores;
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
/// Search and the gateway as they run, on a real PostgreSQL and RabbitMQ, over HTTP; stand-ins for Identity and for 300 account systems,
/// each a host of its own (Linux answers on all of 127.0.0.0/8). Stores: <c>ConnectionStrings__postgres</c> and <c>__messaging</c>, else
/// private ones.
/// </summary>
sealed class World : IAsyncDisposable
{
    public const int Accounts = 300;
    static readonly Guid Root = Guid.CreateVersion7();
    public static readonly Person Person = new(Guid.CreateVersion7(), "Bea Measured", "bea@example.com", Person.User, Root, "session");

    static readonly Person admin = Person with { Level = Person.Admin };

    readonly List<IAsyncDisposable> started = [];
    readonly Dictionary<string, string> settings = new()
    {
        ["Portal:Url"] = TestIdentity.Issuer, ["Portal:Client"] = "search", ["Portal:ClientSecret"] = "secret"
    };
    int tokens, restricted, port;

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"enterprise-portal-benchmarks-{Environment.ProcessId}");
    public Hosted<Search.PhoneSearch.PhoneLookups> Search { get; private set; } = null!;
    public IReadOnlyList<AccountState> Directory { get; private set; } = [];
    public Reach Reach => Search.Services.GetRequiredService<DirectoryReplica>().ReachOf(Person);

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
        port = await StartStandIns(delay);
        settings["services:identity:http:0"] = $"http://127.0.0.1:{port}";
        Search = Host<Search.PhoneSearch.PhoneLookups>();
        Directory = StandIns(Accounts);
        Know(Search.Services, Directory);
    }

    IReadOnlyList<AccountState> StandIns(int accounts) =>
        [.. Enumerable.Range(0, accounts)
            .Select(number => new AccountState($"account-{number:000}", $"Account {number}", AccountState.Active,
        "America/Chicago", "US", $"http://127.0.{1 + number / 250}.{1 + number % 250}:{port}/{number}", """{"keys":[]}"""))];

    static void Know(IServiceProvider services, IReadOnlyList<AccountState> accounts) =>
        services.GetRequiredService<DirectoryReplica>().Apply(
        new(Root, "Benchmark", 1, [new(Root, "Benchmark", null, true, null, null, [.. accounts.Select(account => account.Code)])],
            accounts));

    /// <param name="search">Instead of the real one.</param>
    public Hosted<Gateway.Session.EndRevokedSessions> StartGateway(Uri? search = null)
    {
        settings["services:search:http:0"] = (search ?? Search.ClientOptions.BaseAddress).ToString();
        return Host<Gateway.Session.EndRevokedSessions>();
    }

    /// <summary>It begins to read all accounts at once.</summary>
    public Hosted<Sync.ReadDueAccounts> StartSync()
    {
        var sync = Host<Sync.ReadDueAccounts>();
        Know(sync.Services, Directory);
        return sync;
    }

    /// <summary>For an Admin of the root group, with accounts of its own.</summary>
    public Hosted<Permissions.PermissionsDb> StartPermissions(int accounts, out Guid root, out IReadOnlyList<AccountState> directory)
    {
        var permissions = Host<Permissions.PermissionsDb>(admin);
        Know(permissions.Services, directory = StandIns(accounts));
        root = Root;
        return permissions;
    }

    /// <summary>Sets of restrictions that the accounts have been sent.</summary>
    public int Restricted => Volatile.Read(ref restricted);

    public Hosted<Audit.RecordActivity> StartAudit(out Guid root)
    {
        settings["Audit:SigningKey"] = "a key that only the benchmark knows";
        settings["Audit:HeadsFolder"] = Path.Combine(Folder, "heads");
        var audit = Host<Audit.RecordActivity>(admin);
        Know(audit.Services, Directory);
        root = Root;
        return audit;
    }

    /// <summary>What the accounts send from now on. Written before, so that they cost next to nothing while others are measured.</summary>
    public async Task WriteSnapshots(Func<int, IEnumerable<AccountFamily>> families)
    {
        System.IO.Directory.CreateDirectory(Path.Combine(Folder, "snapshots"));
        await Parallel.ForAsync(0, Accounts, async (number, cancel) =>
        {
            await using var file = File.Create(SnapshotOf(number));
            foreach (var family in families(number))
            {
                await JsonSerializer.SerializeAsync<SnapshotLine>(file, family, JsonSerializerOptions.Web, cancel);
                file.WriteByte((byte)'\n');
            }
        });
    }

    string SnapshotOf(int number) => Path.Combine(Folder, "snapshots", $"{number}.ndjson");

    async Task SendSnapshot(HttpContext http, int number)
    {
        var families = await File.ReadAllBytesAsync(SnapshotOf(number), http.RequestAborted);
        var header = Line(new SnapshotHeader($"account-{number:000}", TimeProvider.System.GetUtcNow(), null));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        hash.AppendData(families);
        http.Response.ContentType = "application/x-ndjson";
        await http.Response.Body.WriteAsync(header, http.RequestAborted);
        await http.Response.Body.WriteAsync(families, http.RequestAborted);
        await http.Response.Body.WriteAsync(
            Line(new SnapshotTrailer(families.AsSpan().Count((byte)'\n'), 0, Convert.ToHexStringLower(hash.GetCurrentHash()))),
            http.RequestAborted);

        static byte[] Line(SnapshotLine line) => [.. JsonSerializer.SerializeToUtf8Bytes(line, JsonSerializerOptions.Web), (byte)'\n'];
    }

    /// <summary>A database of its own with the tables of Search.</summary>
    public async Task<NpgsqlDataSource> SameSchema(string name)
    {
        var database = NewDatabase(name);
        var source = NpgsqlDataSource.Create(database);
        foreach (var script in typeof(Search.PhoneSearch.PhoneLookups).Assembly.GetManifestResourceNames()
            .Where(resource => resource.EndsWith(".sql", StringComparison.Ordinal)).Order())
        {
            using var text = new StreamReader(typeof(Search.PhoneSearch.PhoneLookups).Assembly.GetManifestResourceStream(script)!);
            await using var command = source.CreateCommand(await text.ReadToEndAsync());
            await command.ExecuteNonQueryAsync();
        }
        return source;
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
        var database = PrivatePostgres.Start(Path.Combine(Folder, "postgres"), durable: false);
        var broker = PrivateRabbitMQ.Start(Path.Combine(Folder, "rabbitmq"));
        await Task.WhenAll(database, broker);
        started.AddRange([await database, await broker]);
        (settings["ConnectionStrings:search"], settings["ConnectionStrings:messaging"]) =
            ((await database).ConnectionString, (await broker).ConnectionString);
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
        app.MapPut("/{number:int}/api/enterprise/v1/restrictions", async (int number, RestrictionSet set, CancellationToken cancel) =>
        {
            await Task.Delay(delay(number), cancel);
            Interlocked.Increment(ref restricted);
            return TypedResults.NoContent();
        });
        app.MapGet("/{number:int}/api/enterprise/v1/snapshot", (HttpContext http, int number) => SendSnapshot(http, number));
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

    Hosted<TMarker> Host<TMarker>(Person? client = null) where TMarker : class
    {
        var name = typeof(TMarker).Assembly.GetName().Name!.ToLowerInvariant();
        var own = new Dictionary<string, string>(settings) { [$"ConnectionStrings:{name}"] = NewDatabase(name), ["Portal:Client"] = name };
        var hosted = new Hosted<TMarker>(own, client ?? Person);
        hosted.UseKestrel(0);
        hosted.StartServer();
        started.Add(hosted);
        return hosted;
    }

    /// <returns>Its connection string.</returns>
    string NewDatabase(string name)
    {
        var database = $"{name}_benchmark_{Environment.ProcessId}";
        var server = new NpgsqlConnectionStringBuilder(settings["ConnectionStrings:search"]) { Database = "postgres", Pooling = false };
        using var connection = new NpgsqlConnection(server.ConnectionString);
        connection.Open();
        using var create = new NpgsqlCommand($"create database {database}", connection);
        create.ExecuteNonQuery();
        return new NpgsqlConnectionStringBuilder(settings["ConnectionStrings:search"]) { Database = database }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(started))
            await one.DisposeAsync();
        if (System.IO.Directory.Exists(Folder))
            System.IO.Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>A service as it runs, but in this process, on a port of its own.</summary>
sealed class Hosted<TMarker>(Dictionary<string, string> settings, Person person) : WebApplicationFactory<TMarker> where TMarker : class
{
    /// <summary>Of the database's owner, who may do more than the service.</summary>
    public string ConnectionString => settings[$"ConnectionStrings:{typeof(TMarker).Assembly.GetName().Name!.ToLowerInvariant()}"];

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
