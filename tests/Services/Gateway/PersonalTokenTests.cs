using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using EnterprisePortal.Contracts.Identity;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Gateway;

public class PersonalTokenTests(GatewayService gateway) : IClassFixture<GatewayService>
{
    const string Secret = "portal_pat_of-root-user";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_reads_the_feeds_with_its_token_as_bearer_or_as_password_and_the_service_sees_a_person()
    {
        gateway.PersonalTokens[Secret] = Demo.RootUser;

        foreach (var authorization in new[]
        {
            new AuthenticationHeaderValue("Bearer", Secret),
            Basic("root-user@bluedolphin.example", Secret),
            Basic("", Secret)
        })
            foreach (var address in new[] { "/api/feed/names.csv", "/api/feed/reports.json", "/api/feed/reports/FIN-2.csv" })
                Assert.Equal($"Bearer {TestIdentity.TokenOf(Demo.RootUser).Split('.')[0]}",
                    (await Reached(authorization, address)).Authorization?.Split('.')[0]);
        // A session and a token of one's own open them as well.
        var browser = gateway.Browser(await gateway.SignIn(Demo.EastUser));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/feed/names.csv", Cancel)).StatusCode);
        Assert.Equal("Bearer somebody's", (await Reached(new("Bearer", "somebody's"), "/api/feed/names.csv")).Authorization);
    }

    [Fact]
    public async Task It_opens_nothing_else_and_a_program_without_one_is_asked_for_one()
    {
        gateway.PersonalTokens[Secret] = Demo.RootUser;
        var exchanged = gateway.Exchanged;

        Assert.Equal($"Bearer {Secret}", (await Reached(new("Bearer", Secret), "/api/accounts")).Authorization);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Ask(Basic("me", Secret), "/api/accounts")).StatusCode);
        Assert.Equal(exchanged, gateway.Exchanged);
        foreach (var nothing in new[]
        {
            null,
            Basic("me", "portal_pat_wrong"),
            Basic("me", "password"),
            new AuthenticationHeaderValue("Bearer", "portal_pat_wrong"),
            new AuthenticationHeaderValue("Basic", "%%%")
        })
        {
            var refused = await Ask(nothing, "/api/feed/names.csv");
            Assert.Equal((HttpStatusCode.Unauthorized, "Basic", "application/problem+json"),
                (refused.StatusCode, refused.Headers.WwwAuthenticate.Single().Scheme, refused.Content.Headers.ContentType?.MediaType));
        }
        Assert.DoesNotContain(gateway.Logged, line => line.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_suspended_owners_token_is_refused_as_soon_as_the_gateway_hears_of_it()
    {
        const string secret = "portal_pat_of-west-user";
        gateway.PersonalTokens[secret] = Demo.WestUser;
        Assert.Equal(HttpStatusCode.OK, (await Ask(new("Bearer", secret), "/api/feed/names.csv")).StatusCode);

        gateway.PersonalTokens.Remove(secret, out _);
        await gateway.Bus.Publish(new SessionsRevoked(
            Demo.WestUser.Id, [Demo.WestUser.Session], "Your account was suspended by an Admin.", gateway.Clock.GetUtcNow()));

        await Wait.Eventually(async () =>
            (await Ask(new("Bearer", secret), "/api/feed/names.csv")).StatusCode == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_tokens_secret_is_on_the_page_that_made_it_and_nowhere_else()
    {
        var cookie = await gateway.SignIn(Demo.RootAdmin);
        gateway.Outbound.Answer("identity", async (request, cancel) =>
        {
            if (request.RequestUri!.AbsolutePath != "/api/me/tokens")
                return await gateway.Identity(request, cancel);
            return request.Method == HttpMethod.Post
                ? new(HttpStatusCode.Created) { Content = JsonContent.Create(new { token = Token(), secret = Secret }) }
                : new(HttpStatusCode.OK) { Content = JsonContent.Create(new { items = new[] { Token() }, next = (string?)null }) };
        });
        var browser = gateway.Browser(cookie);
        var page = await browser.GetAsync("/tokens", Cancel);
        var html = await page.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("Enrollment dashboard", html);
        browser.DefaultRequestHeaders.Remove("Cookie");
        var form = page.Headers.GetValues("Set-Cookie")
            .Single(set => set.StartsWith("portal.gateway.form=", StringComparison.Ordinal)).Split(';')[0];
        browser.DefaultRequestHeaders.Add("Cookie", $"{cookie}; {form}");

        var made = await browser.PostAsync("/tokens", new FormUrlEncodedContent(
        [
            new("__RequestVerificationToken", html.Split("__RequestVerificationToken\" value=\"")[1].Split('"')[0]),
            new("_handler", "create"), new("name", "Enrollment dashboard"), new("scopes", "feed:names"), new("days", "90")
        ]), Cancel);

        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        Assert.Contains(Secret, await made.Content.ReadAsStringAsync(Cancel));
        Assert.True(made.Headers.CacheControl?.NoStore);
        Assert.DoesNotContain(Secret, await browser.GetStringAsync("/tokens", Cancel));
    }

    object Token() => new
    {
        id = Guid.CreateVersion7(),
        name = "Enrollment dashboard",
        scopes = new[] { "feed:names" },
        state = "active",
        createdAt = gateway.Clock.GetUtcNow(),
        expiresAt = gateway.Clock.GetUtcNow().AddDays(90),
        lastUsedAt = (DateTimeOffset?)null,
        lastUsedIp = (string?)null
    };

    async Task<HttpResponseMessage> Ask(AuthenticationHeaderValue? authorization, string address)
    {
        var program = gateway.Anonymous();
        program.DefaultRequestHeaders.Authorization = authorization;
        return await program.GetAsync(address, Cancel);
    }

    async Task<SessionTests.Reached> Reached(AuthenticationHeaderValue authorization, string address) =>
        (await (await Ask(authorization, address)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<SessionTests.Reached>(Cancel))!;

    static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
}
