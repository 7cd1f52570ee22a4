using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Npgsql;

namespace EnterprisePortal.Tests.Production;

/// <summary>An Office Portal that began on a development machine, without a secret for its keys, and now runs for real.</summary>
public sealed partial class ProductionOffice(Servers servers) : IAsyncLifetime
{
    public const string Austin = "bluedolphin-austin", Portal = "https://portal.example/", Url = "https://office.example";
    readonly string database = $"officeportal_production_{Environment.ProcessId}_{Random.Shared.GetHexString(6, lowercase: true)}";
    readonly Outbound outbound = new();
    WebApplicationFactory<Account> host = null!;

    public async ValueTask InitializeAsync()
    {
        var connection = await servers.NewDatabase(database);
        await using (var development = Host("Development", connection, ("Demo:Accounts", "1"), ("Demo:Families", "5")))
            await Sql(development, $"update account set issuer = '{Portal}', client_id = 'account-{Austin}'");
        outbound.Answer("portal.example", _ => new(HttpStatusCode.OK)
        {
            Content = JsonContent.Create(new
            {
                issuer = Portal, authorization_endpoint = Portal + "connect/authorize", jwks_uri = Portal + ".well-known/jwks",
                keys = Array.Empty<object>()
            })
        });
        host = Host("Production", connection, ("DataProtection:Key", Servers.Secret));
        Keys = await Ask<string>("select string_agg(xml, '') from data_protection_key");
    }

    public string Keys { get; private set; } = "";

    WebApplicationFactory<Account> Host(string environment, string connection, params (string, string)[] more) =>
        new WebApplicationFactory<Account>().WithWebHostBuilder(builder =>
        {
            builder.UseEnvironment(environment);
            builder.UseSetting("ConnectionStrings:officeportal", connection).UseSetting("Office:Url", Url).UseSetting("Portal:Url", Portal);
            foreach (var (name, value) in more)
                builder.UseSetting(name, value);
            builder.ConfigureTestServices(services => services.AddSingleton<IHttpMessageHandlerBuilderFilter>(outbound));
        });

    public HttpClient Browser() => host.CreateClient(new() { BaseAddress = new(Url), AllowAutoRedirect = false, HandleCookies = true });

    public static async Task<HttpResponseMessage> SignIn(HttpClient browser)
    {
        var page = await browser.GetStringAsync($"/{Austin}/sign-in");
        return await browser.PostAsync($"/{Austin}/sign-in", new FormUrlEncodedContent(
        [
            new("email", $"owner@{Austin}.example"), new("password", "Demo-2026!"),
            new("__RequestVerificationToken", Token().Match(page).Groups[1].Value)
        ]));
    }

    static async Task Sql(WebApplicationFactory<Account> host, string sql)
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

    [GeneratedRegex("__RequestVerificationToken\" value=\"([^\"]+)")]
    private static partial Regex Token();
}

public class OfficeTests(ProductionOffice office) : IClassFixture<ProductionOffice>
{
    const string Austin = ProductionOffice.Austin;
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Staff_sign_in_with_cookies_that_travel_by_https_alone_each_account_with_its_own()
    {
        var browser = office.Browser();

        var form = await browser.GetAsync($"/{Austin}/sign-in", Cancel);
        var signedIn = await ProductionOffice.SignIn(browser);
        var entry = await browser.GetAsync($"/{Austin}/enterprise/sign-in?iss={ProductionOffice.Portal}", Cancel);

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/{Austin}/families", Cancel)).StatusCode);
        foreach (var (answer, name, path) in new[]
        {
            (form, "__Host-office.csrf", "/"), (signedIn, $"__Secure-office.{Austin}", $"/{Austin}"),
            (entry, "__Secure-office.entry", $"/{Austin}/enterprise")
        })
        {
            var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
            Assert.StartsWith(name + "=", cookie, StringComparison.Ordinal);
            foreach (var attribute in new[] { "; secure;", $"; path={path};", "; httponly;" })
                Assert.Contains(attribute, cookie + ";", StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task It_answers_to_its_own_name_by_https_and_believes_no_stranger_that_somebody_came_so()
    {
        var browser = office.Browser();

        var page = await browser.GetAsync($"/{Austin}/sign-in", Cancel);
        using var forwarded = new HttpRequestMessage(HttpMethod.Get, $"http://office.example/{Austin}/sign-in");
        forwarded.Headers.Add("X-Forwarded-Proto", "https");
        var plain = await browser.SendAsync(forwarded, Cancel);

        Assert.Equal("max-age=31536000", page.Headers.GetValues("Strict-Transport-Security").Single());
        Assert.Equal((HttpStatusCode.PermanentRedirect, $"https://office.example/{Austin}/sign-in"),
            (plain.StatusCode, plain.Headers.Location?.OriginalString));
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync($"https://evil.example/{Austin}/sign-in", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("http://office.example/health", Cancel)).StatusCode);
    }

    [Fact]
    public async Task The_description_of_the_API_is_for_staff_who_have_signed_in()
    {
        var browser = office.Browser();

        var stranger = await browser.GetAsync($"/{Austin}/openapi/v1.json", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/openapi/v1.json", Cancel)).StatusCode);
        await ProductionOffice.SignIn(browser);
        var described = JsonDocument.Parse(await browser.GetStringAsync($"/{Austin}/openapi/v1.json", Cancel));

        Assert.Equal(HttpStatusCode.Redirect, stranger.StatusCode);
        Assert.Equal(ProductionOffice.Url, described.RootElement.GetProperty("servers")[0].GetProperty("url").GetString());
    }

    [Fact]
    public void The_keys_from_the_development_machine_no_longer_lie_in_the_clear()
    {
        Assert.NotEmpty(office.Keys);
        Assert.DoesNotContain("<masterKey", office.Keys, StringComparison.Ordinal);
    }
}
