using System.Net;
using EnterprisePortal.Contracts.Identity;
using EnterprisePortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Tests.Identity;

public class TokenTests(IdentityService identity) : IClassFixture<IdentityService>
{
    [Fact]
    public async Task A_persons_token_is_for_the_services_and_tells_what_they_need()
    {
        var (tokens, _) = await identity.NewBrowser().SignIn(Demo.EastUser.Email);

        Assert.Equal(["identity", "accounts", "search", "reports", "permissions", "audit", "sync"], tokens!.Access.Audiences);
        Assert.Equal(("at+jwt", "RS256", "http://localhost:8080/"), (tokens.Access.Typ, tokens.Access.Alg, tokens.Access.Issuer));
        Assert.Equal(TimeSpan.FromMinutes(5), tokens.Access.ValidTo - tokens.Access.IssuedAt);
        using var me = identity.Bearing(tokens.AccessToken);
        var answer = await me.GetStringAsync("/api/me", TestContext.Current.CancellationToken);
        Assert.Contains("\"group\":{\"id\":\"" + Demo.EastId + "\",\"name\":\"East\"}", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_asks_without_a_token()
    {
        using var nobody = identity.Anonymous();

        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync("/api/me", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("search", "the-search", "account-api", "http://office.example/bluedolphin-austin", null)]
    [InlineData("search", "the-search", "account-api", "http://evil.example/bluedolphin-austin", "invalid_target")]
    [InlineData("search", "the-search", "", "http://office.example/bluedolphin-austin", "invalid_scope")]
    [InlineData("search", "a-guess", "account-api", "http://office.example/bluedolphin-austin", "invalid_client")]
    [InlineData("gateway", "the-gateway", "account-api", "http://office.example/bluedolphin-austin", "unauthorized_client")]
    public async Task A_service_gets_a_token_for_exactly_one_known_account(
        string client, string secret, string scope, string resource, string? refusal)
    {
        var (tokens, error) = await identity.NewBrowser().Token(
            ("grant_type", "client_credentials"), ("client_id", client), ("client_secret", secret), ("scope", scope),
            ("resource", resource));

        Assert.Equal(refusal, error);
        if (refusal is null)
            Assert.Equal([resource], tokens!.Access.Audiences);
    }

    [Theory]
    [InlineData("accounts", "account-api account-api.staff account-api.pairing account-api.families")]
    [InlineData("search", "account-api account-api.search")]
    [InlineData("sync", "account-api account-api.families")]
    [InlineData("reports", "account-api account-api.reports account-api.staff")]
    [InlineData("permissions", "account-api account-api.restrictions account-api.staff")]
    [InlineData("audit", "account-api account-api.audit-log")]
    public async Task A_services_token_opens_what_the_service_is_for_and_nothing_else(string client, string scope)
    {
        var (tokens, _) = await Asked("account-api");

        Assert.Equal(scope, tokens!.Access.GetClaim("scope").Value);
        Assert.Equal("invalid_scope", (await Asked("account-api account-api.reports account-api.restrictions")).Refusal);

        Task<(Tokens? Tokens, string? Refusal)> Asked(string scope) => identity.NewBrowser().Token(("grant_type", "client_credentials"),
            ("client_id", client), ("client_secret", $"the-{client}"), ("scope", scope),
            ("resource", "http://office.example/bluedolphin-austin"));
    }

    [Theory]
    [InlineData("http://127.0.0.1/callback", true), InlineData("http://127.0.0.1:65000/callback", true)]
    [InlineData("http://2130706433:65000/callback", false), InlineData("http://127.1:65000/callback", false),
        InlineData("http://localhost:65000/callback", false)]
    [InlineData("http://[::1]:65000/callback", false), InlineData("http://127.0.0.1:65000/x/../callback", false),
        InlineData("http://127.0.0.1:65000/%63allback", false)]
    [InlineData("HTTP://127.0.0.1:65000/callback", false), InlineData("http://127.0.0.1:65000/callback?x", false),
        InlineData("http://127.0.0.1:065000/callback", false)]
    public async Task A_program_on_ones_own_machine_is_answered_at_its_own_address_only_whatever_the_port(string redirect, bool welcome)
    {
        var asked = await identity.Anonymous().GetAsync(
            "/connect/authorize?client_id=portal-cli&response_type=code&scope=openid&state=s"
            + "&code_challenge=DjCfR5X2c1Vl5qZ4mWq3yLw5i8N2p1kq0m9rT6uVxYg&code_challenge_method=S256"
            + $"&redirect_uri={Uri.EscapeDataString(redirect)}",
            TestContext.Current.CancellationToken);

        Assert.Equal(welcome ? (HttpStatusCode.Redirect, "/sign-in") : (HttpStatusCode.BadRequest, null),
            (asked.StatusCode, asked.Headers.Location?.AbsolutePath));
    }

    [Fact]
    public async Task A_sign_in_that_is_used_a_second_time_ends_what_the_first_one_opened()
    {
        var browser = identity.NewBrowser();
        var (tokens, _) = await browser.SignIn(Demo.RootUser.Email);

        Assert.Equal("invalid_grant", (await browser.Redeem(browser.Code!)).Refusal);

        await identity.Published<SessionsRevoked>(it => it.Sessions.Contains(tokens!.Access.GetClaim("sid").Value));
        Assert.Equal("invalid_grant", (await browser.Refresh(tokens!)).Refusal);
    }

    [Fact]
    public async Task A_refresh_token_works_once_and_yields_the_present_data()
    {
        var browser = identity.NewBrowser();
        var (first, _) = await browser.SignIn(Demo.RootUser.Email);
        await identity.Change(db => db.Users.Where(user => user.Email == Demo.RootUser.Email)
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.StaffEmail, "own@office.example")));

        var (second, _) = await browser.Refresh(first!);

        Assert.Equal("own@office.example", second!.Access.GetClaim("staff_email").Value);
        identity.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("invalid_grant", (await browser.Refresh(first!)).Refusal);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_everywhere()
    {
        var browser = identity.NewBrowser();
        var (tokens, _) = await browser.SignIn(Demo.RootAdmin.Email);

        Assert.Equal("/signed-out", (await browser.SignOut(tokens!)).AbsolutePath);

        await identity.Published<SessionsRevoked>(it => it.Sessions.Contains(tokens!.Access.GetClaim("sid").Value));
        Assert.Equal("invalid_grant", (await browser.Refresh(tokens!)).Refusal);
        Assert.Equal("/sign-in", (await browser.Enter("bluedolphin-austin")).Refusal);
    }

    [Fact]
    public async Task A_session_ends_after_twelve_hours()
    {
        var browser = identity.NewBrowser();
        var (tokens, _) = await browser.SignIn(Demo.WestUser.Email);

        identity.Clock.Advance(TimeSpan.FromHours(12));

        Assert.Equal("/sign-in", (await browser.Enter("bluedolphin-austin")).Refusal);
        Assert.Equal("invalid_grant", (await browser.Refresh(tokens!)).Refusal);
    }

    [Fact]
    public async Task A_restart_or_another_replica_keeps_every_session()
    {
        var browser = identity.NewBrowser();
        var (tokens, _) = await browser.SignIn(Demo.RootUser.Email);

        var another = await identity.AnotherInstance();

        Assert.NotNull((await identity.NewBrowser(another).Refresh(tokens!)).Tokens);
    }
}
