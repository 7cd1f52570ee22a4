using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Npgsql;

namespace EnterprisePortal.Tests.OfficePortal;

/// <summary>The Office Portal as browsers and the portal see it: three accounts of the demo world, two of them paired with a portal of the
/// tests' own.</summary>
public sealed partial class WebOffice(Servers servers) : IAsyncLifetime
{
    public const string Austin = "bluedolphin-austin", Denver = "bluedolphin-denver", Unpaired = "bluedolphin-boston",
    Url = "http://localhost:8090";
    readonly string database = $"officeportal_web_{Environment.ProcessId}_{Random.Shared.GetHexString(6, lowercase: true)}";
    readonly Outbound outbound = new();
    WebApplicationFactory<Account> host = null!;

    public WebPortal Portal { get; } = new();

    public string Connection { get; private set; } = "";
    /// <summary>More settings, before it starts.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    public async ValueTask InitializeAsync()
    {
        outbound.Answer("localhost:8080", Portal.Answer);
        Connection = await servers.NewDatabase(database);
        host = new WebApplicationFactory<Account>().WithWebHostBuilder(builder =>
        {
            foreach (var (name, value) in Settings)
                builder.UseSetting(name, value);
            builder.UseSetting("ConnectionStrings:officeportal", Connection);
            builder.UseSetting("DataProtection:Key", Servers.Secret);
            builder.UseSetting("Office:Url", Url);
            builder.UseSetting("Portal:Url", TestIdentity.Issuer);
            builder.UseSetting("Demo:Accounts", "3");
            builder.UseSetting("Demo:Families", "20");
            builder.ConfigureTestServices(services => services
                .AddSingleton<IHttpMessageHandlerBuilderFilter>(outbound).AddSingleton<IStartupFilter>(new ClientAddresses()));
        });
        foreach (var account in new[] { Austin, Denver })
            Portal.Knows(await Paired(account, await PairingCodeOf(account)));
    }

    /// <summary>A browser of its own: cookies, and no redirect followed unseen.</summary>
    /// <param name="address">Where on the network it is; browsers that do not say share a place.</param>
    public HttpClient Browser(string address = "192.0.2.1")
    {
        var browser = host.CreateClient(new() { BaseAddress = new(Url), AllowAutoRedirect = false, HandleCookies = true });
        browser.DefaultRequestHeaders.Add(ClientAddresses.Header, address);
        return browser;
    }

    /// <summary>What no <see cref="HttpClient"/> sends: <c>OPTIONS *</c> has no path.</summary>
    public async Task<int> StatusOf(string method, string path)
    {
        var answered = await host.Server.SendAsync(http => (http.Request.Method, http.Request.Path) = (method, path));
        return answered.Response.StatusCode;
    }

    /// <summary>Issues a code as the owner does on the settings page.</summary>
    public async Task<string> PairingCodeOf(string account)
    {
        var owner = await SignedIn(account, "owner");
        var page = await Submit(owner, $"/{account}/settings/enterprise-portal", $"/{account}/settings/enterprise-portal/code", []);
        return Code().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value;
    }

    public Task<HttpResponseMessage> Pair(string account, string code, Guid? enterprise = null, string address = "192.0.2.1") =>
        Browser(address).PostAsJsonAsync($"/{account}/enterprise/pair",
            new PairRequest(code, TestIdentity.Issuer, enterprise ?? WebPortal.Enterprise, "Blue Dolphin Swim Schools",
                $"account-{account}"));

    async Task<PairResponse> Paired(string account, string code) =>
        (await (await Pair(account, code)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<PairResponse>())!;

    /// <param name="who"><c>owner</c>, <c>manager</c>, <c>frontdesk</c>, <c>instructor</c>.</param>
    public async Task<HttpClient> SignedIn(string account, string who)
    {
        var browser = Browser();
        var answer = await SignIn(browser, account, $"{who}@{account}.example", "Demo-2026!");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return browser;
    }

    public static Task<HttpResponseMessage> SignIn(HttpClient browser, string account, string email, string password) =>
        Submit(browser, $"/{account}/sign-in", $"/{account}/sign-in", new() { ["email"] = email, ["password"] = password });

    /// <summary>Opens a page and sends a form of it, with its anti-forgery token.</summary>
    public static async Task<HttpResponseMessage> Submit(HttpClient browser, string page, string action, Dictionary<string, string> fields)
    {
        var html = await browser.GetStringAsync(page);
        fields["__RequestVerificationToken"] = Token().Match(html).Groups[1].Value;
        return await browser.PostAsync(action, new FormUrlEncodedContent(fields));
    }

    /// <summary>From the portal's redirect to the account's answer to the callback, as <paramref name="person"/>.</summary>
    public async Task<HttpResponseMessage> Enter(HttpClient browser, string account, WebPerson person, string page = "/families") =>
        await browser.GetAsync(await Callback(browser, account, person, page));

    public async Task<string> Callback(HttpClient browser, string account, WebPerson person, string page = "/families")
    {
        var asked = await browser.GetAsync(
            $"/{account}/enterprise/sign-in?iss={Uri.EscapeDataString(TestIdentity.Issuer)}&target_link_uri={Uri.EscapeDataString($"{Url}/{account}{page}")}");
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        var query = QueryHelpers.ParseQuery(asked.Headers.Location!.Query);
        var code = Portal.Confirms(person, query["client_id"]!, query["nonce"]!, query["code_challenge"]!);
        return $"/{account}/enterprise/callback?code={code}&state={Uri.EscapeDataString(query["state"]!)}&iss={Uri.EscapeDataString(TestIdentity.Issuer)}";
    }

    /// <summary>The paired portal's own services, with a token for this account; without <paramref name="scopes"/> one that opens
    /// everything.</summary>
    public HttpClient Api(string account, params string[] scopes)
    {
        var api = host.CreateClient(new() { BaseAddress = new($"{Url}/{account}/api/enterprise/v1/") });
        api.DefaultRequestHeaders.Authorization =
            new("Bearer", TestIdentity.Token([new("scope", scopes.Length == 0 ? TestIdentity.EveryScope : string.Join(' ', scopes))],
                "at+jwt", TestIdentity.Issuer, [$"{Url}/{account}"], life: TimeSpan.FromHours(1)));
        return api;
    }

    public IServiceProvider Services => host.Services;

    public IEnumerable<Endpoint> Endpoints => host.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    public async Task Sql(string sql)
    {
        await using var command = host.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> Ask<T>(string sql)
    {
        await using var command = host.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await servers.DropDatabase(database);
        outbound.Dispose();
    }

    sealed class ClientAddresses : IStartupFilter
    {
        public const string Header = "Test-Client-Address";

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, go) =>
            {
                http.Connection.RemoteIpAddress = IPAddress.TryParse(http.Request.Headers[Header], out var address) ? address : null;
                return go(http);
            });
            next(app);
        };
    }

    [GeneratedRegex("__RequestVerificationToken\" value=\"([^\"]+)")]
    private static partial Regex Token();

    [GeneratedRegex("class=\"code\">([^<]+)")]
    private static partial Regex Code();
}
