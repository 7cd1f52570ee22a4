using System.Net;
using System.Net.Http.Json;
using System.Text;
using EnterprisePortal.Contracts.Identity;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Gateway;

public class SessionTests(GatewayService gateway) : IClassFixture<GatewayService>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_session_a_program_gets_401_and_a_person_the_sign_in_page()
    {
        var browser = gateway.Browser();

        var api = await browser.GetAsync("/api/accounts", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
        Assert.Equal("application/problem+json", api.Content.Headers.ContentType?.MediaType);

        var page = await browser.GetAsync("/family-search?name=a&phone=", Cancel);
        Assert.Equal("/sign-in?returnUrl=%2Ffamily-search%3Fname%3Da%26phone%3D", page.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/sign-in", Cancel)).StatusCode);
    }

    [Fact]
    public async Task The_browser_holds_a_key_and_the_services_get_the_token()
    {
        var cookie = await gateway.SignIn(Demo.RootAdmin);

        var reached = await gateway.Browser(cookie).GetFromJsonAsync<Reached>("/api/accounts", Cancel);

        Assert.StartsWith("Bearer ey", reached!.Authorization);
        Assert.Null(reached.Cookie);
        var ticket = Assert.Single(await gateway.Tickets(Demo.RootAdmin));
        Assert.True(cookie.Length < 500, cookie);
        Assert.DoesNotContain("eyJ", Encoding.Latin1.GetString(ticket));
    }

    [Fact]
    public async Task A_new_sign_in_never_takes_over_the_key_it_came_with()
    {
        var planted = await gateway.SignIn(Demo.WestUser);

        var own = await gateway.SignIn(Demo.EastUser, cookie: planted);

        Assert.NotEqual(planted, own);
        Assert.Single(await gateway.Tickets(Demo.EastUser));
        var token = await gateway.Browser(planted).GetFromJsonAsync<Reached>("/api/accounts", Cancel);
        Assert.Equal($"{Demo.WestUser.Id}", new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(token!.Authorization![7..]).Subject);
    }

    [Fact]
    public async Task However_many_requests_and_replicas_notice_a_token_is_refreshed_once()
    {
        var replica = await gateway.AnotherInstance();
        var cookie = await gateway.SignIn(Demo.RootUser, due: true);
        var before = gateway.Refreshed;

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(number =>
            gateway.Browser(cookie, number % 2 == 0 ? gateway.Instance : replica).GetAsync("/api/accounts", Cancel)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(before + 1, gateway.Refreshed);
    }

    [Fact]
    public async Task A_session_that_Identity_no_longer_refreshes_is_gone()
    {
        var before = await gateway.Tickets(Demo.EastAdmin);
        var cookie = await gateway.SignIn(Demo.EastAdmin, due: true);
        gateway.RefreshAnswer = HttpStatusCode.BadRequest;

        var answer = await gateway.Browser(cookie).GetAsync("/api/accounts", Cancel);
        gateway.RefreshAnswer = HttpStatusCode.OK;

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(before.Count, (await gateway.Tickets(Demo.EastAdmin)).Count);
    }

    [Fact]
    public async Task While_Identity_is_silent_a_good_token_goes_on()
    {
        var cookie = await gateway.SignIn(Demo.EastAdmin, due: true);
        gateway.RefreshAnswer = HttpStatusCode.ServiceUnavailable;

        var answer = await gateway.Browser(cookie).GetAsync("/api/accounts", Cancel);
        gateway.RefreshAnswer = HttpStatusCode.OK;

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await gateway.Browser(cookie).GetAsync("/api/accounts", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_revoked_session_is_out_and_its_ticket_deleted()
    {
        var cookie = await gateway.SignIn(Demo.TumbleAdmin);
        var browser = gateway.Browser(cookie);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/accounts", Cancel)).StatusCode);
        using var page = await browser.GetAsync("/session-events", HttpCompletionOption.ResponseHeadersRead, Cancel);

        await gateway.Bus.Publish(new SessionsRevoked(
            Demo.TumbleAdmin.Id, [Demo.TumbleAdmin.Session], "Your account was suspended by an Admin.", gateway.Clock.GetUtcNow()));

        await Wait.Eventually(async () => (await browser.GetAsync("/api/accounts", Cancel)).StatusCode == HttpStatusCode.Unauthorized
            && (await gateway.Tickets(Demo.TumbleAdmin)).Count == 0);
        await page.Content.ReadAsStringAsync(Cancel).WaitAsync(Wait.Limit, Cancel);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/session-events", Cancel)).StatusCode);
    }

    public sealed record Reached(string? Authorization, string? Cookie);
}
