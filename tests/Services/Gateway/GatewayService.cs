using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Web;
using EnterprisePortal.Gateway.Session;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Yarp.ReverseProxy.Forwarder;

namespace EnterprisePortal.Tests.Gateway;

/// <summary>The gateway with an Identity that signs in whoever the test names. The words: <c>SignIn</c>, <c>Browser</c>,
/// <c>Tickets</c>.</summary>
public class GatewayService(Servers servers) : Service<EndRevokedSessions>(servers)
{
    int refreshed;

    /// <summary>The portal's address, as the gateway's own and as Identity's issuer.</summary>
    protected virtual string Portal => TestIdentity.Issuer;

    protected virtual string SessionCookie => "portal.gateway.session";

    /// <summary>The one service that runs twice.</summary>
    public static readonly string[] PermissionsReplicas = ["permissions-1", "permissions-2"];

    /// <summary>How often a refresh token was exchanged.</summary>
    public int Refreshed => refreshed;

    /// <summary>What the token endpoint says to a refresh token.</summary>
    public HttpStatusCode RefreshAnswer { get; set; } = HttpStatusCode.OK;

    /// <summary>Those that belong to several enterprises.</summary>
    public HashSet<Guid> OfSeveral { get; } = [];

    /// <summary>Whose they are, as Identity knows them.</summary>
    public ConcurrentDictionary<string, Person> PersonalTokens { get; } = new();
    public int Exchanged => exchanged;

    /// <summary>Who can sign in besides the demo's people, and what access token Identity gives a person.</summary>
    public List<Person> Others { get; } = [];
    public Func<Person, string>? TokenOf { get; set; }

    int exchanged;

    public override async ValueTask InitializeAsync()
    {
        Settings["Portal:Url"] = Portal;
        for (var replica = 0; replica < PermissionsReplicas.Length; replica++)
            Settings[$"services:permissions:http:{replica}"] = $"http://{PermissionsReplicas[replica]}";
        await base.InitializeAsync();
        Outbound.Answer("identity", Identity);
        foreach (var service in new[] { "accounts", "search", "audit", "sync", "reports" })
            Outbound.Answer(service, Echo);
    }

    public async Task<HttpResponseMessage> Identity(HttpRequestMessage request, CancellationToken cancel) =>
        request.RequestUri!.AbsolutePath switch
        {
            "/.well-known/openid-configuration" => new(HttpStatusCode.OK)
            {
                Content = JsonContent.Create(new Dictionary<string, string>
                {
                    ["issuer"] = Portal, ["jwks_uri"] = Portal + ".well-known/jwks",
                    ["authorization_endpoint"] = Portal + "connect/authorize",
                    ["token_endpoint"] = Portal + "connect/token", ["end_session_endpoint"] = Portal + "connect/endsession"
                })
            },
            "/connect/token" => await Tokens(HttpUtility.ParseQueryString(await request.Content!.ReadAsStringAsync(cancel)), cancel),
            _ => TestIdentity.Answer(request)
        };

    public ConcurrentBag<string> Logged { get; } = [];

    /// <summary>Forwarded calls go to the test's network as well.</summary>
    protected override void Replace(IServiceCollection services)
    {
        services.AddSingleton<IForwarderHttpClientFactory>(new TestsNetwork(Outbound));
        services.AddSingleton<ILoggerProvider>(new Lines(Logged));
    }

    /// <summary>Signs in as a browser would. Tokens that are <paramref name="due"/> have half a minute left.</summary>
    /// <param name="page">The sign-in page as it was come to.</param>
    /// <param name="back">Where the person is taken afterwards.</param>
    /// <returns>The session's cookie.</returns>
    public async Task<string> SignIn(Person person, bool due = false, string? cookie = null, string page = "/sign-in?", string back = "/")
    {
        var browser = Browser(cookie);
        var away = await browser.GetAsync($"{page}&provider=google&login_hint=someone@example.com");
        var asked = QueryHelpers.ParseQuery(away.Headers.Location!.Query);
        Assert.Equal("google someone@example.com", $"{asked["provider"]} {asked["login_hint"]}");
        var code = $"{person.Email} {asked["nonce"]} {(due ? 30 : 300)}";
        browser = Browser(string.Join("; ", [.. Cookies(away), .. cookie is null ? Array.Empty<string>() : [cookie]]));
        var arrived = await browser.GetAsync(
            QueryHelpers.AddQueryString("/signin-oidc", new Dictionary<string, string?> { ["code"] = code, ["state"] = asked["state"] }));
        Assert.Equal(back, arrived.Headers.Location?.OriginalString);
        return Cookies(arrived).Single(set => set.StartsWith(SessionCookie + "=", StringComparison.Ordinal) && !set.EndsWith('='));
    }

    public HttpClient Browser(string? cookie = null, Replica? instance = null)
    {
        var browser = (instance ?? Instance)
            .CreateClient(new() { BaseAddress = new(Portal), AllowAutoRedirect = false, HandleCookies = false });
        browser.DefaultRequestHeaders.Add("Accept", "text/html");
        if (cookie is not null)
            browser.DefaultRequestHeaders.Add("Cookie", cookie);
        return browser;
    }

    public async Task<List<byte[]>> Tickets(Person person)
    {
        await using var command = Instance.Services.GetRequiredService<NpgsqlDataSource>()
            .CreateCommand("select ticket from session where person_id = $1");
        command.Parameters.AddWithValue(person.Id);
        var tickets = new List<byte[]>();
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
            tickets.Add((byte[])rows[0]);
        return tickets;
    }

    static IEnumerable<string> Cookies(HttpResponseMessage answer) =>
        answer.Headers.GetValues("Set-Cookie").Select(set => set.Split(';')[0]);

    async Task<HttpResponseMessage> Tokens(System.Collections.Specialized.NameValueCollection form, CancellationToken cancel)
    {
        if (form["personal_token"] is { } secret)
        {
            Interlocked.Increment(ref exchanged);
            return PersonalTokens.TryGetValue(secret, out var owner) ? new(HttpStatusCode.OK)
                { Content = JsonContent.Create(new
                    { access_token = TokenOf?.Invoke(owner) ?? TestIdentity.TokenOf(owner), expires_in = "300", token_type = "Bearer" }) }
                : new(HttpStatusCode.BadRequest) { Content = JsonContent.Create(new { error = "invalid_grant" }) };
        }
        var (person, nonce, life) = form["code"]?.Split(' ') is [var email, var asked, var seconds]
            ? (Somebody(email), asked, int.Parse(seconds, CultureInfo.InvariantCulture)) : (Somebody(form["refresh_token"]!), null, 300);
        if (nonce is null)
        {
            Interlocked.Increment(ref refreshed);
            await Task.Delay(200, cancel); // Long enough for everybody else to want one too.
            if (RefreshAnswer != HttpStatusCode.OK)
                return new(RefreshAnswer) { Content = JsonContent.Create(new { error = "invalid_grant" }) };
        }
        var idToken = TestIdentity.Token([new("sub", $"{person.Id}"), new("nonce", nonce ?? "")], "JWT", Portal, ["gateway"]);
        return new(HttpStatusCode.OK)
        {
            Content = JsonContent.Create(new
                { access_token = TokenOf?.Invoke(person)
                    ?? TestIdentity.TokenOf(person, [.. OfSeveral.Contains(person.Id) ? new[] { new Claim("elsewhere", "true") } : []]),
                        id_token = idToken, refresh_token = person.Email, expires_in = $"{life}", token_type = "Bearer" })
        };
    }

    Person Somebody(string email) => new[] { Demo.RootAdmin, Demo.RootUser, Demo.EastAdmin, Demo.EastUser, Demo.WestUser, Demo.TumbleAdmin }
        .Concat(Others).Single(person => person.Email == email);

    /// <summary>A service that says what reached it.</summary>
    public static HttpResponseMessage Echo(HttpRequestMessage request) => new(HttpStatusCode.OK)
    {
        Content = JsonContent.Create(new
            { authorization = request.Headers.Authorization?.ToString(), cookie = request.Headers.TryGetValues("Cookie", out var cookies)
                ? string.Join(';', cookies) : null })
    };

    sealed class Lines(ConcurrentBag<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => lines.Add($"{formatter(state, exception)} {exception}");
        public void Dispose() { }
    }

    protected sealed class TestsNetwork(HttpMessageHandler network) : IForwarderHttpClientFactory
    {
        public HttpMessageInvoker CreateClient(ForwarderHttpClientContext context) => new(network, disposeHandler: false);
    }
}
