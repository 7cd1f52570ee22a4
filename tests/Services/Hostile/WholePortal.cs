using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using EnterprisePortal.Audit;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Identity;
using EnterprisePortal.Permissions;
using EnterprisePortal.Reports;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Sync;
using EnterprisePortal.Tests.Accounts;
using EnterprisePortal.Tests.Gateway;
using EnterprisePortal.Tests.Identity;
using EnterprisePortal.Tests.OfficePortal;
using EnterprisePortal.Tests.Search;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EnterprisePortal.Tests.Hostile;

/// <summary>
/// The gateway in front of all its services, and an Office Portal beside them, each as it runs; one Admin of Blue Dolphin is signed in
/// everywhere.
/// </summary>
public partial class WholePortal(Servers servers) : IAsyncLifetime
{
    readonly GatewayService gateway = new(servers);
    readonly AccountsService accounts = new(servers);
    readonly IdentityService identity = new(servers);
    readonly SearchService search = new(servers);
    readonly Service<ReportsDb> reports = new(servers);
    readonly Service<PermissionsDb> permissions = new(servers);
    readonly Service<RecordActivity> audit = new(servers);
    readonly Service<ReadDueAccounts> sync = new(servers);
    readonly WebOffice office = new(servers);
    readonly Dictionary<(string Host, bool SignedIn), HttpClient> clients = [];

    public IReadOnlyList<Address> Addresses { get; private set; } = [];

    /// <summary>Names that mean something here: codes, ids, kinds.</summary>
    public IReadOnlyList<string> Known { get; private set; } = [];

    /// <summary>Fields of the pages' forms, and what every form of a host must carry.</summary>
    public IReadOnlyList<string> FormFields { get; private set; } = [];
    public Dictionary<string, Dictionary<string, string>> FormTokens { get; } = [];

    public HttpClient Client(string host, bool signedIn) => clients[(host, signedIn)];

    IEnumerable<IAsyncDisposable> Everything => [gateway, accounts, identity, search, reports, permissions, audit, sync, office];

    protected IEnumerable<Dictionary<string, string>> Settings =>
        [gateway.Settings, accounts.Settings, identity.Settings, search.Settings, reports.Settings, permissions.Settings, audit.Settings,
            sync.Settings, office.Settings];

    public virtual async ValueTask InitializeAsync()
    {
        await Task.WhenAll(Everything.Cast<IAsyncLifetime>().Select(one => one.InitializeAsync().AsTask()));
        // One directory for all: the one that Accounts has made.
        var directory = await accounts.Published<DirectoryChanged>(it => it.EnterpriseName == Demo.BlueDolphin.EnterpriseName);
        var admin = accounts.RootAdmin with { Email = "hostile-admin@bluedolphin.example", Session = $"{Guid.CreateVersion7()}" };
        await Task.WhenAll(identity.Given(directory), search.Given(directory), reports.Given(directory), permissions.Given(directory),
            audit.Given(directory), sync.Given(directory), gateway.Given(directory));
        await identity.Bus.Publish(new EnterpriseImported(directory.EnterpriseId, directory.EnterpriseName, [],
            [new(admin.Email, admin.Name, admin.Level, admin.GroupId, "google", "active")]));
        admin = admin with { Id = await identity.UserId(admin.Email) };
        var token = TokenOf(admin);
        _ = (new Reports.Offices(reports.Outbound), new Permissions.Offices(permissions.Outbound));

        foreach (var (name, outbound, handler, client) in new[]
        {
            Of("accounts", accounts), Of("identity", identity), Of("search", search), Of("reports", reports),
            Of("permissions", permissions), Of("audit", audit), Of("sync", sync)
        })
        {
            outbound.Otherwise = _ => throw new HttpRequestException("There is no such host.");
            outbound.Answer("identity", ToIdentity);
            gateway.Outbound.Answer(name, handler);
            (clients[(name, true)], clients[(name, false)]) = (client(token), client("nonsense"));
        }
        foreach (var replica in GatewayService.PermissionsReplicas)
            gateway.Outbound.Answer(replica, permissions.Instance.Server.CreateHandler());
        gateway.Outbound.Answer("identity", (request, cancel) => request.RequestUri!.AbsolutePath is "/.well-known/openid-configuration"
            or "/.well-known/jwks" or "/connect/token"
            ? gateway.Identity(request, cancel) : ToIdentity(request, cancel));
        gateway.Others.Add(admin);
        gateway.TokenOf = TokenOf;
        (clients[("gateway", true)], clients[("gateway", false)]) = (gateway.Browser(await gateway.SignIn(admin)), gateway.Browser());
        (clients[("office", true)], clients[("office", false)]) = (await office.SignedIn(WebOffice.Austin, "owner"), office.Browser());
        (clients[("office-api", true)], clients[("office-api", false)]) = (office.Api(WebOffice.Austin), office.Browser());
        await FindAddresses();
        Known = [.. directory.Groups.Select(group => $"{group.Id}"), .. directory.Accounts.Take(2).Select(account => account.Code),
            WebOffice.Austin, $"{admin.Id}", admin.Email, .. Meaningful];
        await ReadForms("gateway", "/groups/new");
        await ReadForms("office", $"/{WebOffice.Austin}/families/new");

        (string, Outbound, HttpMessageHandler, Func<string, HttpClient>) Of<T>(string name, Service<T> service) where T : class =>
            (name, service.Outbound, service.Instance.Server.CreateHandler(), service.Bearing);
    }

    static readonly string[] Meaningful =
    [
        "levels", "programs", "charge-categories", "FIN-2", "CLA-5", "2026-10-01", "2026-10-31", "1", "50", "true", "+15125550101", "admin",
        "user", "google", "month", "week", "last-month",
        "reports.fin-2", "json", "csv", "Penguin", "frontdesk@example.com", "portal-user@bluedolphin.example", "active", "suspended",
        "/families", "feed:names"
    ];

    /// <summary>As Identity makes them, so that Identity takes it too; good for as long as a busy machine may need.</summary>
    string TokenOf(Person person) => TestIdentity.Token(
        [new("sub", $"{person.Id}"), new("name", person.Name), new("email", person.Email), new("level", person.Level),
            new("group", $"{person.GroupId}"), new("sid", person.Session)],
        key: identity.Instance.Services.GetRequiredService<ServerKeys>().Signing, life: TimeSpan.FromHours(1));

    Task<HttpResponseMessage> ToIdentity(HttpRequestMessage request, CancellationToken cancel)
    {
        // Services' own tokens are not what is tried here.
        if (request.RequestUri!.AbsolutePath == "/connect/token")
            return Task.FromResult(TestIdentity.Answer(request));
        invoker ??= new(identity.Instance.Server.CreateHandler());
        return invoker.SendAsync(request, cancel);
    }

    HttpMessageInvoker? invoker;

    async Task FindAddresses()
    {
        var found = new List<Address>();
        foreach (var (name, services) in Hosts)
        {
            var host = name;
            if (name is not ("gateway" or "office"))
            {
                var document = await Client(name, true)
                    .GetFromJsonAsync<JsonElement>(name == "office-api" ? $"{WebOffice.Url}/openapi/v1.json" : "/openapi/v1.json");
                Schemas[name] = document;
                found.AddRange(Address.In(document, host));
                if (name != "office-api")
                    found.AddRange(Address.In(document, "gateway"));
            }
            found.AddRange(Address.In(services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints), host)
                .Where(address =>
                    !found.Any(known => (known.Host, known.Method, known.Template) == (address.Host, address.Method, address.Template))));
        }
        Addresses = [
            .. found.Where(address => !EndsTheSession(address) && !(address.Host == "gateway" && address.Template.Contains("{rest}")))];
    }

    /// <summary>Documents, where the bodies' schemas refer to.</summary>
    public Dictionary<string, JsonElement> Schemas { get; } = [];

    IEnumerable<(string, IServiceProvider)> Hosts =>
    [
        ("accounts", accounts.Instance.Services), ("identity", identity.Instance.Services), ("search", search.Instance.Services),
        ("reports", reports.Instance.Services),
        ("permissions", permissions.Instance.Services), ("audit", audit.Instance.Services), ("sync", sync.Instance.Services),
        ("office-api", office.Services),
        ("office", office.Services), ("gateway", gateway.Instance.Services)
    ];

    public IEnumerable<IServiceProvider> Processes => Hosts.Select(host => host.Item2).Distinct();

    /// <summary>The session is needed to the end: nobody signs out, unpairs the account, or makes it misbehave on purpose.</summary>
    static bool EndsTheSession(Address address) =>
        address.Template.EndsWith("/sign-out", StringComparison.Ordinal) || address.Template.StartsWith("/_", StringComparison.Ordinal)
        || address.Template.EndsWith("/release", StringComparison.Ordinal)
        || address.Template.EndsWith("/me/sessions", StringComparison.Ordinal) && address.Method == "DELETE";

    async Task ReadForms(string host, string page)
    {
        var fields = new HashSet<string>(FormFields);
        var handlers = new HashSet<string>();
        foreach (var address in Addresses.Where(
            address => address.Host == host && address.Method == "GET" && !address.Template.EndsWith("/live", StringComparison.Ordinal)
                     && !address.Template.EndsWith("-events", StringComparison.Ordinal)))
        {
            using var answer = await Client(host, true)
                .GetAsync(Parameter().Replace(address.Template, WebOffice.Austin), HttpCompletionOption.ResponseHeadersRead);
            if (answer.Content.Headers.ContentType?.MediaType != "text/html")
                continue;
            var html = await answer.Content.ReadAsStringAsync();
            fields.UnionWith(Name().Matches(html).Select(match => match.Groups[1].Value).Where(name => !name.StartsWith('_')));
            handlers.UnionWith(Handler().Matches(html).Select(match => match.Groups[1].Value));
        }
        using var form = await Client(host, true).GetAsync(page);
        FormTokens[host] = new() { ["__RequestVerificationToken"] = Token().Match(await form.Content.ReadAsStringAsync()).Groups[1].Value };
        if (form.Headers.TryGetValues("Set-Cookie", out var cookies) && host == "gateway")
            Client(host, true).DefaultRequestHeaders.Add("Cookie", string.Join("; ", cookies.Select(cookie => cookie.Split(';')[0])));
        FormFields = [.. fields];
        FormHandlers = [.. FormHandlers, .. handlers];
    }

    public IReadOnlyList<string> FormHandlers { get; private set; } = [];

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var client in clients.Values)
            client.Dispose();
        foreach (var one in Everything)
            await one.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [GeneratedRegex(@"\{\w+\}")]
    internal static partial Regex Parameter();

    [GeneratedRegex("name=\"([^\"]+)\"")]
    private static partial Regex Name();

    [GeneratedRegex("name=\"_handler\" value=\"([^\"]+)\"")]
    private static partial Regex Handler();

    [GeneratedRegex("__RequestVerificationToken\" value=\"([^\"]+)")]
    private static partial Regex Token();
}

[CollectionDefinition(nameof(WholePortal))]
public sealed class WholePortalCollection : ICollectionFixture<WholePortal>;
