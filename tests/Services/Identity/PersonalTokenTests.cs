using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Contracts.Identity;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Person = EnterprisePortal.ServiceDefaults.SignIn.Person;

namespace EnterprisePortal.Tests.Identity;

public class PersonalTokenTests(IdentityService identity) : IClassFixture<IdentityService>
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_is_shown_once_and_exchanged_for_what_it_may_read_and_nothing_else()
    {
        var ruben = await Active("reader");
        using var http = identity.SignedInAs(ruben);

        var made = await Made(http, "Power BI", "feed:names");
        var (tokens, _) = await Exchange(made.Secret);

        Assert.Equal("search", tokens!.Access.Audiences.Single());
        Assert.Equal(("feed:names", ruben.Email, "user"),
            (tokens.Access.GetClaim("scope").Value, tokens.Access.GetClaim("email").Value, tokens.Access.GetClaim("level").Value));
        Assert.Null(tokens.RefreshToken);
        Assert.Equal(["reports", "search"], (await Exchange((await Made(http, "Both", "feed:reports", "feed:names")).Secret))
            .Tokens!.Access.Audiences.Order());
        Assert.Equal(HttpStatusCode.Unauthorized, (await identity.Bearing(tokens.AccessToken).GetAsync("/api/me", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await identity.Bearing(made.Secret).GetAsync("/api/me", Stop)).StatusCode);
        var listed = await http.GetStringAsync("/api/me/tokens", Stop);
        Assert.DoesNotContain(made.Secret, listed);
        Assert.NotNull(JsonSerializer.Deserialize<Page<TokenItem>>(listed, JsonSerializerOptions.Web)!.Items.Single(
            token => token.Id == made.Token.Id).LastUsedAt);
        Assert.Equal(0,
            await identity.Until(db =>
                db.Database.SqlQuery<int>(
                    $"""
                    select count(*)::int as "Value" from personal_token
                    where personal_token::text like '%' || {made.Secret} || '%'
                      or encode(secret_hash, 'escape') like '%' || {made.Secret} || '%'
                    """).SingleAsync(), _ => true));
        Assert.DoesNotContain(made.Secret,
            (await identity.Published<ActivityRecorded>(it => it.Action == "token.created" && it.Subject == "Power BI")).Details);
    }

    [Fact]
    public async Task Only_the_gateway_can_exchange_a_token_and_nothing_else_is_exchanged()
    {
        var secret = (await Made(identity.SignedInAs(await Active("guarded")), "Mine", "feed:names")).Secret;

        Assert.Equal("unauthorized_client", (await identity.NewBrowser().Token(("grant_type", PersonalTokenGrant.Type),
            ("personal_token", secret), ("client_id", "search"), ("client_secret", "the-search"))).Refusal);
        Assert.Equal("invalid_client", (await identity.NewBrowser().Token(("grant_type", PersonalTokenGrant.Type),
            ("personal_token", secret), ("client_id", "gateway"), ("client_secret", "a-guess"))).Refusal);
        foreach (var guess in new[] { "", "portal_pat_guess", secret[..^1], secret + "x" })
            Assert.Equal("invalid_grant", (await Exchange(guess)).Refusal);
    }

    [Fact]
    public async Task It_dies_with_its_time_its_revocation_and_its_owners_suspension()
    {
        var owner = await Active("mortal");
        using var http = identity.SignedInAs(owner);
        using var root = identity.SignedInAs(Demo.RootAdmin with { Id = await identity.UserId(Demo.RootAdmin.Email) });
        await Activate(Demo.RootAdmin.Email);
        var (revoked, byAdmin, suspended) =
            (await Made(http, "Revoked", "feed:names"), await Made(http, "By Admin", "feed:names"),
                await Made(http, "Suspended", "feed:names"));
        var sids = new Dictionary<Guid, string>();
        foreach (var token in new[] { revoked, byAdmin, suspended })
            sids[token.Token.Id] = (await Exchange(token.Secret)).Tokens!.Access.GetClaim("sid").Value;

        Assert.Equal(HttpStatusCode.NoContent, (await http.DeleteAsync($"/api/me/tokens/{revoked.Token.Id}", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await root.DeleteAsync($"/api/users/{owner.Id}/tokens/{byAdmin.Token.Id}", Stop))
            .StatusCode);
        foreach (var gone in new[] { revoked, byAdmin })
        {
            await identity.Published<SessionsRevoked>(it => it.Sessions.Contains(sids[gone.Token.Id]));
            Assert.Equal("invalid_grant", (await Exchange(gone.Secret)).Refusal);
        }
        Assert.NotNull((await Exchange(suspended.Secret)).Tokens);
        await root.PatchAsJsonAsync($"/api/users/{owner.Id}", new { status = "suspended" }, Stop);
        await identity.Published<SessionsRevoked>(it => it.Sessions.Contains(sids[suspended.Token.Id]));
        Assert.Equal("invalid_grant", (await Exchange(suspended.Secret)).Refusal);
        // Back again, they make new ones: nobody knows who kept the old.
        await root.PatchAsJsonAsync($"/api/users/{owner.Id}", new { status = "active" }, Stop);
        Assert.Equal("invalid_grant", (await Exchange(suspended.Secret)).Refusal);

        await Activate(owner.Email);
        var ends = await Made(http, "Ends", "feed:names");
        identity.Clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal("invalid_grant", (await Exchange(ends.Secret)).Refusal);
        identity.Clock.Advance(-TimeSpan.FromDays(31));
    }

    [Fact]
    public async Task It_has_its_owners_present_data_and_earlier_access_tokens_are_refused()
    {
        var owner = await Active("mover");
        using var root = identity.SignedInAs(Demo.RootAdmin with { Id = await identity.UserId(Demo.RootAdmin.Email) });
        await Activate(Demo.RootAdmin.Email);
        var token = await Made(identity.SignedInAs(owner), "Moving", "feed:reports");
        var before = (await Exchange(token.Secret)).Tokens!.Access;

        await root.PatchAsJsonAsync($"/api/users/{owner.Id}", new { level = "admin", group = Demo.EastId }, Stop);

        await identity.Published<SessionsRevoked>(it => it.Sessions.Contains(before.GetClaim("sid").Value));
        var now = (await Exchange(token.Secret)).Tokens!.Access;
        Assert.Equal(("admin", $"{Demo.EastId}"), (now.GetClaim("level").Value, now.GetClaim("group").Value));
        Assert.NotEqual(before.GetClaim("sid").Value, now.GetClaim("sid").Value);
        await identity.Given(identity.BlueDolphin with
        {
            Groups = [.. identity.BlueDolphin.Groups.Select(group => group.Id == Demo.EastId ? group with { Active = false } : group)]
        });
        Assert.Equal("invalid_grant", (await Exchange(token.Secret)).Refusal);
        await identity.Given(identity.BlueDolphin);
    }

    [Fact]
    public async Task Admins_see_and_revoke_those_of_their_users_and_of_nobody_else()
    {
        var (east, west) = (await Active("east-owner", Demo.EastId), await Active("west-owner", Demo.WestId));
        var (mine, other) = (await Made(identity.SignedInAs(east), "East", "feed:names"),
            await Made(identity.SignedInAs(west), "West", "feed:names"));
        await Activate(Demo.EastAdmin.Email);
        using var edith = identity.SignedInAs(Demo.EastAdmin with { Id = await identity.UserId(Demo.EastAdmin.Email) });

        Assert.Contains("East", await edith.GetStringAsync($"/api/users/{east.Id}/tokens", Stop));
        Assert.Equal(HttpStatusCode.NotFound, (await edith.GetAsync($"/api/users/{west.Id}/tokens", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await edith.DeleteAsync($"/api/users/{west.Id}/tokens/{other.Token.Id}", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await edith.DeleteAsync($"/api/users/{east.Id}/tokens/{other.Token.Id}", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await identity.SignedInAs(west).DeleteAsync($"/api/me/tokens/{mine.Token.Id}", Stop))
            .StatusCode);
        Assert.NotNull((await Exchange(other.Secret)).Tokens);
        foreach (var bad in new object[]
        {
            new { name = " ", scopes = new[] { "feed:names" }, days = 30 },
            new { name = "x", scopes = Array.Empty<string>(), days = 30 },
            new { name = "x", scopes = new[] { "runs:start" }, days = 30 },
            new { name = "x", scopes = new[] { "feed:names" }, days = 400 }
        })
            Assert.Equal(HttpStatusCode.BadRequest, (await identity.SignedInAs(east).PostAsJsonAsync("/api/me/tokens", bad, Stop))
                .StatusCode);
    }

    Task<(Tokens? Tokens, string? Refusal)> Exchange(string secret) =>
        identity.NewBrowser().Token(("grant_type", PersonalTokenGrant.Type), ("personal_token", secret), ("client_id", "gateway"),
            ("client_secret", "the-gateway"));

    static async Task<CreatedToken> Made(HttpClient person, string name, params string[] scopes) =>
        (await (await person.PostAsJsonAsync("/api/me/tokens", new { name, scopes, days = 30 }, Stop))
            .EnsureSuccessStatusCode().Content.ReadFromJsonAsync<CreatedToken>(Stop))!;

    async Task<Person> Active(string name, Guid? group = null)
    {
        var person = await identity.Somebody(name, group: group);
        await Activate(person.Email);
        return person;
    }

    Task Activate(string email) =>
        identity.Change(db => db.Users.Where(user => user.Email == email)
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.Status, "active")));
}

public class OnboardedAccountTests(IdentityService identity) : IClassFixture<IdentityService>
{
    [Fact]
    public async Task The_contact_of_a_newly_opened_account_and_the_admins_who_reach_it_get_one_mail_each()
    {
        var opened = new AccountActivated(Demo.BlueDolphinId, "Blue Dolphin", "bluedolphin-austin", "Blue Dolphin Austin",
            new("Cora Contact", "Cora@austin.example", ""), "Rosa Admin");
        var id = Guid.CreateVersion7();

        await identity.Bus.Publish(opened, id);
        await identity.Published<Contracts.Mail.SendMail>(mail => mail.To == "cora@austin.example");
        await identity.Bus.Publish(opened, id);
        await identity.Bus.Publish(opened with
        {
            Account = "bluedolphin-boston",
            AccountName = "Blue Dolphin Boston",
            Contact = new("Nobody", "no address", "")
        });

        // Four in all, in any order.
        await Eventually(() => identity.Bus.Heard<Contracts.Mail.SendMail>().Count >= 4);
        var mails = identity.Bus.Heard<Contracts.Mail.SendMail>();
        Assert.Equal(["cora@austin.example", Demo.RootAdmin.Email],
            mails.Where(mail => mail.Subject.Contains("Austin", StringComparison.Ordinal)).Select(mail => mail.To).Order());
        Assert.Equal([Demo.EastAdmin.Email, Demo.RootAdmin.Email],
            mails.Where(mail => mail.Subject.Contains("Boston", StringComparison.Ordinal)).Select(mail => mail.To).Order());
        Assert.All(mails, mail => Assert.Contains(IdentityService.Portal, mail.Text));
    }

    [Fact]
    public async Task An_account_that_is_not_activated_lets_nobody_in_and_a_removed_one_is_told_to_let_everybody_out()
    {
        var told = new System.Collections.Concurrent.ConcurrentBag<string>();
        identity.Outbound.Answer("office.example", request =>
        {
            told.Add(request.RequestUri!.AbsolutePath);
            return new(HttpStatusCode.BadRequest);
        });
        var person = await identity.Somebody("inside");
        var browser = identity.NewBrowser();
        await browser.SignIn(person.Email);
        Assert.Null((await browser.Enter("bluedolphin-tucson")).Refusal);
        var directory = identity.BlueDolphin;

        await identity.Given(directory with
        {
            Accounts = [.. directory.Accounts.Select(account =>
                account.Code == "bluedolphin-fresno" ? account with { Status = AccountState.Onboarding } : account)]
        });
        Assert.Contains("still being connected", (await browser.Enter("bluedolphin-fresno")).Refusal);
        await identity.Given(directory with
        {
            Groups = [.. directory.Groups.Select(
                group => group with { Accounts = [.. group.Accounts.Where(code => code != "bluedolphin-tucson")] })],
            Accounts = [.. directory.Accounts.Where(account => account.Code != "bluedolphin-tucson")]
        });

        await Eventually(() => told.Contains("/bluedolphin-tucson/enterprise/backchannel-logout"));
        // Released, it no longer knows the portal, and has nobody inside.
        await identity.Until(db => db.AccountSessions.SingleAsync(entry => entry.Account == "bluedolphin-tucson"), entry =>
            entry.EndedAt is not null);
        await identity.Given(directory);
    }

    static Task Eventually(Func<bool> condition) => Wait.Eventually(condition);
}
