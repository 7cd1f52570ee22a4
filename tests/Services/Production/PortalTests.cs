using System.Net;
using System.Text.Json;
using EnterprisePortal.Tests.Gateway;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Production;

public class PortalTests(ProductionGateway gateway) : IClassFixture<ProductionGateway>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_browser_that_was_here_once_never_comes_by_plain_http_again()
    {
        var answer = await gateway.Browser().GetAsync("/sign-in", Cancel);

        Assert.Equal("max-age=31536000", answer.Headers.GetValues("Strict-Transport-Security").Single());
    }

    [Fact]
    public async Task Who_comes_by_plain_http_is_sent_to_https_and_a_probe_is_answered()
    {
        var visitor = await Ask("http://portal.example/sign-in?returnUrl=%2Faccounts");
        var probe = await Ask("http://portal.example/alive");

        Assert.Equal((HttpStatusCode.PermanentRedirect, "https://portal.example/sign-in?returnUrl=%2Faccounts"),
            (visitor.StatusCode, visitor.Headers.Location?.OriginalString));
        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
    }

    [Theory]
    [InlineData("203.0.113.7", HttpStatusCode.OK), InlineData("10.1.200.3", HttpStatusCode.OK)]
    [InlineData("203.0.113.8", HttpStatusCode.PermanentRedirect), InlineData("10.2.0.1", HttpStatusCode.PermanentRedirect)]
    public async Task Only_the_configured_load_balancers_are_believed_that_a_browser_came_by_https(string from, HttpStatusCode expected) =>
        Assert.Equal(expected, (await Ask("http://portal.example/sign-in",
            (ProductionGateway.From.Header, from), ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "192.0.2.1"))).StatusCode);

    [Theory]
    [InlineData("https://evil.example/sign-in"), InlineData("https://portal.example.evil.example/sign-in")]
    [InlineData("https://203.0.113.7/sign-in")]
    public async Task The_portal_answers_to_its_own_name_only(string address)
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await Ask(address)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Ask("https://portal.example/sign-in",
            ("X-Forwarded-Host", "evil.example"), (ProductionGateway.From.Header, "203.0.113.7"))).StatusCode);
    }

    [Fact]
    public async Task Every_cookie_is_for_this_host_and_https_only_and_a_session_cookie_of_another_name_is_ignored()
    {
        var session = await gateway.SignIn(Demo.RootAdmin);
        var away = await gateway.Browser().GetAsync("/sign-in?provider=google", Cancel);
        var page = await gateway.Browser(session).GetAsync("/family-search", Cancel);
        var theme = gateway.Browser(session);
        theme.DefaultRequestHeaders.Add("X-CSRF", "1");
        var dark = await theme.PostAsync("/appearance", new FormUrlEncodedContent([new("theme", "dark")]), Cancel);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        var cookies = new[] { away, page, dark }
            .SelectMany(answer => answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : []).ToList();
        Assert.True(cookies.Count >= 4, string.Join('\n', cookies));
        Assert.All(cookies, cookie =>
        {
            Assert.StartsWith("__Host-", cookie, StringComparison.Ordinal);
            foreach (var attribute in new[] { "; secure", "; path=/;", "; httponly" })
                Assert.Contains(attribute, cookie + ";", StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("; domain", cookie, StringComparison.OrdinalIgnoreCase);
        });
        var other = await gateway.Browser(session["__Host-".Length..]).GetAsync("/api/accounts", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, other.StatusCode);
    }

    [Fact]
    public async Task Identity_gets_its_own_cookies_and_never_the_sessions()
    {
        gateway.Outbound.Answer("identity", (request, cancel) => request.RequestUri!.AbsolutePath == "/connect/echo"
            ? Task.FromResult(GatewayService.Echo(request)) : gateway.Identity(request, cancel));

        var reached = await gateway.Browser("__Host-portal.gateway.session=a; __Host-portal.identity=b")
            .GetStringAsync("/connect/echo", Cancel);

        Assert.Equal("__Host-portal.identity=b", JsonDocument.Parse(reached).RootElement.GetProperty("cookie").GetString());
    }

    [Fact]
    public async Task The_description_of_the_API_is_for_people_who_have_signed_in_and_names_the_portals_own_address()
    {
        var stranger = await gateway.Browser().GetAsync("/openapi/v1.json", Cancel);
        var signedIn = gateway.Browser(await gateway.SignIn(Demo.RootUser));
        var described = JsonDocument.Parse(await signedIn.GetStringAsync("/openapi/v1.json", Cancel));

        Assert.Equal(HttpStatusCode.Redirect, stranger.StatusCode);
        Assert.Equal("https://portal.example/", described.RootElement.GetProperty("servers")[0].GetProperty("url").GetString());
    }

    async Task<HttpResponseMessage> Ask(string address, params (string, string)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await gateway.Browser().SendAsync(request, Cancel);
    }
}
