using System.Net;
using System.Security.Cryptography;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EnterprisePortal.Tests.Identity;

public class EnterAccountTests(IdentityService identity) : IClassFixture<IdentityService>
{
    [Fact]
    public async Task An_account_learns_who_enters_and_as_whom()
    {
        var browser = identity.NewBrowser();
        await browser.SignIn(Demo.RootAdmin.Email);

        var (tokens, _) = await browser.Enter("bluedolphin-austin");

        Assert.Equal(Demo.RootAdmin.Email, tokens!.Id.GetClaim("email").Value);
        Assert.Equal("portal-admin@bluedolphin.example", tokens.Id.GetClaim("login_as").Value);
        Assert.Equal(Demo.BlueDolphinId.ToString(), tokens.Id.GetClaim("enterprise").Value);
        Assert.Empty(tokens.Access.Audiences);
        await identity.Published<ActivityRecorded>(
            it => it.Action == "account.entered" && it.Account == "bluedolphin-austin" && it.Person.Email == Demo.RootAdmin.Email);
    }

    [Fact]
    public async Task An_account_learns_the_name_that_the_enterprise_shows_if_it_has_chosen_one()
    {
        var browser = identity.NewBrowser();
        await browser.SignIn(Demo.RootAdmin.Email);
        Assert.False((await browser.Enter("bluedolphin-boston")).Tokens!.Id.TryGetClaim("enterprise_name", out _));

        await identity.Given(Demo.BlueDolphin with { Brand = new("Dolphins", null, null) });

        Assert.Equal("Dolphins", (await browser.Enter("bluedolphin-boston")).Tokens!.Id.GetClaim("enterprise_name").Value);
    }

    [Fact]
    public async Task An_account_out_of_reach_is_refused_like_one_that_does_not_exist()
    {
        var browser = identity.NewBrowser();
        await browser.SignIn(Demo.EastUser.Email);

        Assert.Equal("There is no such account for you.", (await browser.Enter("bluedolphin-austin")).Refusal);
        Assert.Equal("There is no such account for you.", (await browser.Enter("tumbletime-omaha")).Refusal);
        Assert.NotNull((await browser.Enter("bluedolphin-boston")).Tokens);
    }

    [Fact]
    public async Task An_account_may_start_report_runs_as_the_person_and_do_nothing_else_with_that_token()
    {
        var browser = identity.NewBrowser();
        await browser.SignIn(Demo.RootUser.Email);

        var (tokens, _) = await browser.Enter("bluedolphin-boston", scope: "openid account runs:start");

        Assert.Equal(["reports"], tokens!.Access.Audiences);
        Assert.Equal(("openid account runs:start", Demo.RootUser.Email, "user"),
            (tokens.Access.GetClaim("scope").Value, tokens.Access.GetClaim("email").Value, tokens.Access.GetClaim("level").Value));
        Assert.False(tokens.Access.TryGetClaim("login_as", out _));
        using var http = identity.Bearing(tokens.AccessToken);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/me", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task An_account_proves_itself_with_its_own_key()
    {
        var browser = identity.NewBrowser();
        await browser.SignIn(Demo.RootAdmin.Email);

        var (_, refusal) = await browser.Enter("bluedolphin-denver", new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256))
        {
            KeyId = identity.AccountKey.KeyId
        });

        Assert.Equal("invalid_client", refusal);
    }

    [Fact]
    public async Task Leaving_the_portal_ends_the_sessions_inside_accounts_even_if_one_was_down_at_first()
    {
        var told = new TaskCompletionSource<JsonWebToken>();
        var attempts = 0;
        identity.Outbound.Answer("office.example", async (request, cancel) =>
        {
            if (Interlocked.Increment(ref attempts) == 1)
                return new(HttpStatusCode.BadGateway);
            told.TrySetResult(new((new FormReader(await request.Content!.ReadAsStringAsync(cancel)).ReadForm())["logout_token"]));
            return new(HttpStatusCode.OK);
        });
        var browser = identity.NewBrowser();
        var (tokens, _) = await browser.SignIn(Demo.RootUser.Email);
        await browser.Enter("bluedolphin-fresno");

        await browser.SignOut(tokens!);

        var logout = await told.Task.WaitAsync(Wait.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(("logout+jwt", "account-bluedolphin-fresno"), (logout.Typ, logout.Audiences.Single()));
        Assert.Equal(tokens!.Access.GetClaim("sid").Value, logout.GetClaim("sid").Value);
        Assert.True(logout.TryGetPayloadValue<System.Text.Json.JsonElement>("events", out var events)
            && events.TryGetProperty("http://schemas.openid.net/event/backchannel-logout", out _));
        await identity.Until(db => db.AccountSessions.FindAsync(Guid.Parse(logout.GetClaim("sid").Value), "bluedolphin-fresno").AsTask(),
            entry => entry!.EndedAt is not null);
    }
}
