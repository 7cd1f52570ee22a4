using System.Net.Http.Headers;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using MassTransit;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;

namespace EnterprisePortal.Tests.Support;

/// <summary>
/// A service as it runs, on a database and a virtual host of its own. The vocabulary of the tests: <c>SignedInAs</c>, <c>Given</c>,
/// <c>Published</c>, <c>Clock</c>. <c>public class SearchFamiliesTests(Service&lt;SearchFamilies&gt; search) :
/// IClassFixture&lt;Service&lt;SearchFamilies&gt;&gt;</c>
/// </summary>
/// <typeparam name="TMarker">Any public type of the service's assembly.</typeparam>
public class Service<TMarker>(Servers servers) : IAsyncLifetime where TMarker : class
{
    static readonly string Name = typeof(TMarker).Assembly.GetName().Name!.ToLowerInvariant();
    static long versions;

    readonly string place = $"{Name}_{Environment.ProcessId}_{Random.Shared.GetHexString(6, lowercase: true)}";
    readonly TestLog log = new();
    readonly List<Replica> instances = [];
    Bus bus = null!;

    public Clock Clock { get; } = new();
    public Outbound Outbound { get; } = new();

    /// <summary>The environment in which the service runs; its development features are off in any other.</summary>
    protected virtual string HostEnvironment => Environments.Development;

    /// <summary>More settings, to be added before the first instance is made.</summary>
    public Dictionary<string, string> Settings { get; } = new()
    {
        ["Portal:Url"] = TestIdentity.Issuer,
        ["Portal:Client"] = Name,
        ["Portal:ClientSecret"] = "secret",
        ["Metrics:Every"] = "00:00:00.2",
        ["DataProtection:Key"] = Servers.Secret,
        ["Audit:SigningKey"] = "a key that only the tests know, and no database"
    };

    public Bus Bus => Showing(bus);

    public Replica Instance => Showing(instances[0]);

    public virtual async ValueTask InitializeAsync()
    {
        Settings[$"ConnectionStrings:{Name}"] = await servers.NewDatabase(place);
        Settings["ConnectionStrings:messaging"] = await servers.NewVirtualHost(place);
        Settings.TryAdd("Audit:HeadsFolder", Path.Combine(servers.Folder, place, "heads"));
        Outbound.Answer("identity", TestIdentity.Answer);
        bus = await Bus.Start(Settings["ConnectionStrings:messaging"]);
        if (StartsAtOnce)
            await AnotherInstance();
    }

    protected virtual bool StartsAtOnce => true;

    /// <summary>Listens on a port of its own, for clients that need a real connection.</summary>
    protected virtual bool Listens => false;

    /// <summary>A replica, or the service after a restart: same database, same broker.</summary>
    public async Task<Replica> AnotherInstance()
    {
        var instance = new Replica(this);
        if (Listens)
            instance.UseKestrel(0);
        lock (instances)
            instances.Add(instance);
        if (Listens)
            instance.StartServer();
        await instance.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, Wait.Limit);
        return instance;
    }

    /// <summary>A client with this person's access token, which the service checks as it always does.</summary>
    public HttpClient SignedInAs(Person person) => Bearing(TestIdentity.TokenOf(person));

    public HttpClient Bearing(string token)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public HttpClient Anonymous() => Instance.CreateClient(new() { AllowAutoRedirect = false });

    /// <summary>Published as Accounts does, newer than all before; returns once every instance has it.</summary>
    public async Task Given(params DirectoryChanged[] directories)
    {
        foreach (var directory in directories)
        {
            var newer = directory with { Version = Interlocked.Increment(ref versions) };
            await Bus.Publish(newer);
            foreach (var instance in instances)
                await instance.Knows(newer.EnterpriseId, newer.Version);
        }
    }

    public Task<T> Published<T>(Func<T, bool>? which = null) where T : class => Bus.Published(which);

    T Showing<T>(T it)
    {
        log.GoesTo(TestContext.Current.TestOutputHelper);
        return it;
    }

    /// <summary>More replacements of services, for a derived fixture.</summary>
    protected virtual void Replace(IServiceCollection services) { }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var instance in instances)
            await instance.DisposeAsync();
        await bus.DisposeAsync();
        await servers.DropVirtualHost(place);
        await servers.DropDatabase(place);
        GC.SuppressFinalize(this);
    }

    /// <summary>Stands for one process of the service.</summary>
    public sealed class Replica(Service<TMarker> service) : WebApplicationFactory<TMarker>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment(service.HostEnvironment);
            foreach (var (name, value) in service.Settings)
                builder.UseSetting(name, value);
            builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(service.log));
            builder.ConfigureTestServices(services =>
            {
                services.AddSingleton<TimeProvider>(service.Clock);
                services.AddSingleton<IHttpMessageHandlerBuilderFilter>(service.Outbound);
                service.Replace(services);
            });
        }

        internal async Task Knows(Guid enterprise, long version)
        {
            var replica = Services.GetRequiredService<DirectoryReplica>();
            var known = new TaskCompletionSource();
            void Look(object? _)
            {
                if (replica.Enterprises.Any(it => it.Id == enterprise && it.Version >= version))
                    known.TrySetResult();
            }
            replica.Changed += Look;
            Look(null);
            await known.Task.WaitAsync(Wait.Limit);
            replica.Changed -= Look;
        }
    }
}
