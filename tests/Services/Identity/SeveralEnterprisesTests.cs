using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.Contracts.Identity;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;

namespace EnterprisePortal.Tests.Identity;

/// <summary>One person, a user of two enterprises: a session is for one of them.</summary>
public class SeveralEnterprisesTests(IdentityService identity) : IClassFixture<IdentityService>
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_of_two_enterprises_chooses_and_is_signed_in_to_neither_before()
    {
        var (_, tumble) = await identity.OfBoth("chooser");
        var browser = identity.NewBrowser();

        Assert.Equal(Browser.HasToChoose, (await browser.SignIn(tumble.Email)).Refusal);

        Assert.Equal("/sign-in", (await browser.Enter("tumbletime-omaha")).Refusal);
        var choices = (await (await browser.Choices()).Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("items")
            .EnumerateArray().ToList();
        Assert.Equal(["Blue Dolphin Swim Schools", "Tumble Time Gymnastics"], choices.Select(item => item.GetProperty("name").GetString()));
        var (tokens, _) = await browser.Choose(Demo.TumbleTimeId);
        Assert.Equal((tumble.Id.ToString(), Demo.TumbleTimeId.ToString(), "true"),
            (tokens!.Access.Subject, tokens.Access.GetClaim("group").Value, tokens.Access.GetClaim("elsewhere").Value));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Choices()).StatusCode);
        var entry = await identity.Published<ActivityRecorded>(it => it.Action == "signed-in" && it.Person.Email == tumble.Email);
        Assert.Equal(Demo.TumbleTimeId, entry.EnterpriseId);
        Assert.Contains("\"amr\":[\"pwd\",\"mfa\"]", entry.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_who_names_the_enterprise_is_not_asked_and_a_foreign_one_answers_like_one_that_does_not_exist()
    {
        var (dolphin, tumble) = await identity.OfBoth("namer");

        Assert.Equal(tumble.Id.ToString(), (await identity.NewBrowser().SignIn(tumble.Email, enterprise: "tumble time gymnastics"))
            .Tokens!.Access.Subject);
        Assert.Equal(dolphin.Id.ToString(), (await identity.NewBrowser().SignIn(tumble.Email, enterprise: $"{Demo.BlueDolphinId}"))
            .Tokens!.Access.Subject);
        foreach (var other in new[]
        {
            Demo.TumbleTimeId.ToString(),
            Guid.CreateVersion7().ToString(),
            "Tumble Time Gymnastics",
            "No Such School"
        })
            Assert.Equal("enterprise", (await identity.NewBrowser().SignIn(Demo.RootUser.Email, enterprise: other)).Refusal);
    }

    [Fact]
    public async Task An_account_is_entered_as_the_user_of_the_session_and_never_as_the_other_one()
    {
        var (dolphin, tumble) = await identity.OfBoth("enterer");
        var browser = identity.NewBrowser();
        await browser.SignIn(tumble.Email, enterprise: $"{Demo.TumbleTimeId}");

        var inOmaha = (await browser.Enter("tumbletime-omaha")).Tokens!.Id;
        Assert.Equal((tumble.Id.ToString(), Demo.TumbleTimeId.ToString(), "portal-user@tumbletime.example"),
            (inOmaha.Subject, inOmaha.GetClaim("enterprise").Value, inOmaha.GetClaim("login_as").Value));
        Assert.Equal("There is no such account for you.", (await browser.Enter("bluedolphin-austin")).Refusal);

        await browser.Switch(Demo.BlueDolphinId);

        var inAustin = (await browser.Enter("bluedolphin-austin")).Tokens!.Id;
        Assert.Equal((dolphin.Id.ToString(), Demo.BlueDolphinId.ToString(), "portal-user@bluedolphin.example"),
            (inAustin.Subject, inAustin.GetClaim("enterprise").Value, inAustin.GetClaim("login_as").Value));
        Assert.Equal("There is no such account for you.", (await browser.Enter("tumbletime-omaha")).Refusal);
    }

    [Fact]
    public async Task Switching_ends_the_session_that_is_left_also_inside_accounts()
    {
        var told = new TaskCompletionSource<JsonWebToken>();
        identity.Outbound.Answer("office.example", async (request, cancel) =>
        {
            told.TrySetResult(new((new FormReader(await request.Content!.ReadAsStringAsync(cancel)).ReadForm())["logout_token"]));
            return new(HttpStatusCode.OK);
        });
        var (dolphin, tumble) = await identity.OfBoth("switcher");
        var browser = identity.NewBrowser();
        var (first, _) = await browser.SignIn(dolphin.Email, enterprise: $"{Demo.BlueDolphinId}");
        await browser.Enter("bluedolphin-fresno");

        var (second, _) = await browser.Switch(Demo.TumbleTimeId);

        Assert.Equal(tumble.Id.ToString(), second!.Access.Subject);
        Assert.Equal("invalid_grant", (await browser.Refresh(first!)).Refusal);
        Assert.Equal(tumble.Id.ToString(), (await browser.Refresh(second)).Tokens!.Access.Subject);
        var left = first!.Access.GetClaim("sid").Value;
        Assert.Equal([left], (await identity.Published<SessionsRevoked>(it => it.PersonId == dolphin.Id)).Sessions);
        var logout = await told.Task.WaitAsync(Wait.Limit, Stop);
        Assert.Equal((dolphin.Id.ToString(), left), (logout.Subject, logout.GetClaim("sid").Value));
        var entry = await identity.Published<ActivityRecorded>(it => it.Action == "session.ended" && it.Subject == dolphin.Email);
        Assert.Equal(Demo.BlueDolphinId, entry.EnterpriseId);
        Assert.DoesNotContain("Tumble", entry.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_suspension_in_one_enterprise_leaves_the_other_alone()
    {
        var (dolphin, tumble) = await identity.OfBoth("half-suspended");
        var (one, other) = (identity.NewBrowser(), identity.NewBrowser());
        var (atDolphin, _) = await one.SignIn(dolphin.Email, enterprise: $"{Demo.BlueDolphinId}");
        var (atTumble, _) = await other.SignIn(dolphin.Email, enterprise: $"{Demo.TumbleTimeId}");
        using var root = await identity.SignedIn(Demo.RootAdmin);

        await root.PatchAsJsonAsync($"/api/users/{dolphin.Id}", new { status = "suspended" }, Stop);

        Assert.Equal("invalid_grant", (await one.Refresh(atDolphin!)).Refusal);
        Assert.NotNull((await other.Refresh(atTumble!)).Tokens);
        Assert.Equal(tumble.Id.ToString(), (await identity.NewBrowser().SignIn(dolphin.Email)).Tokens!.Access.Subject);
        Assert.Equal("suspended", (await identity.NewBrowser().SignIn(dolphin.Email, enterprise: $"{Demo.BlueDolphinId}")).Refusal);
    }

    [Fact]
    public async Task An_invitation_by_another_enterprise_changes_nothing_until_the_person_takes_it_up()
    {
        await identity.Invited(Demo.TumbleTimeId, Demo.TumbleAdmin);
        using var tara = await identity.SignedIn(Demo.TumbleAdmin);
        var person = await identity.Somebody("wanted-elsewhere");
        await identity.NewBrowser().SignIn(person.Email);

        var invited = await (await Invite(tara, person.Email)).Content.ReadFromJsonAsync<JsonElement>(Stop);

        var browser = identity.NewBrowser();
        var (tokens, _) = await browser.SignIn(person.Email);
        Assert.Equal(person.Id.ToString(), tokens!.Access.Subject);
        // What the other Admin sees does not tell that the person is here.
        var address = $"/api/users/{invited.GetProperty("id").GetString()}";
        Assert.Equal("invited", await Status());
        await tara.PatchAsJsonAsync(address, new { status = "suspended" }, Stop);
        await tara.PatchAsJsonAsync(address, new { status = "active" }, Stop);
        Assert.Equal("invited", await Status());
        using var me = identity.Bearing(tokens.AccessToken);
        var mine = (await me.GetFromJsonAsync<JsonElement>("/api/me/enterprises", Stop)).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal([("Blue Dolphin Swim Schools", "active", true), ("Tumble Time Gymnastics", "invited", false)],
            mine.Select(item =>
                (item.GetProperty("name").GetString(), item.GetProperty("status").GetString(), item.GetProperty("current").GetBoolean())));

        Assert.Equal(Demo.TumbleTimeId.ToString(), (await browser.Switch(Demo.TumbleTimeId)).Tokens!.Access.GetClaim("group").Value);

        Assert.Equal("active", await Status());
        Assert.Equal(Browser.HasToChoose, (await identity.NewBrowser().SignIn(person.Email)).Refusal);

        async Task<string?> Status() => (await tara.GetFromJsonAsync<JsonElement>(address, Stop)).GetProperty("status").GetString();
    }

    [Fact]
    public async Task An_address_that_another_enterprise_knows_is_invited_like_one_that_nobody_does()
    {
        await identity.Invited(Demo.TumbleTimeId, Demo.TumbleAdmin);
        using var tara = await identity.SignedIn(Demo.TumbleAdmin);
        var known = await identity.Somebody("known-elsewhere");

        var (toKnown, toUnknown) = (await Invite(tara, known.Email), await Invite(tara, "known-nowhere@bluedolphin.example"));

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (toKnown.StatusCode, toUnknown.StatusCode));
        Assert.Equal(await Shape(toUnknown), await Shape(toKnown));
        Assert.Equal(known.Id.ToString(), (await identity.NewBrowser().SignIn(known.Email, enterprise: $"{Demo.BlueDolphinId}"))
            .Tokens!.Access.Subject);
        Assert.Equal(HttpStatusCode.Conflict, (await Invite(tara, known.Email)).StatusCode);

        // All but what is the row's own.
        static async Task<string> Shape(HttpResponseMessage answer) =>
            string.Join(' ', (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).EnumerateObject()
            .Select(field => field.Name is "id" or "email" ? field.Name : $"{field.Name}={field.Value}"));
    }

    [Fact]
    public async Task A_tenant_that_one_enterprise_trusts_proves_nothing_to_another()
    {
        const string Theirs = "00000000-0000-4000-8000-0000000000f1";
        var other = Guid.CreateVersion7();
        await identity.Given(new Contracts.Accounts.DirectoryChanged(
            other, "Other School", 0, [new(other, "Other School", null, true, null, null, [])], []));
        var victim = await identity.Somebody("microsoft-victim");
        await identity.Change(db => db.Users.Where(user => user.Id == victim.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.Provider, "microsoft")));
        await identity.Bus.Publish(new Contracts.Accounts.EnterpriseImported(
            other, "Other School", [Theirs], [new(victim.Email, "Victim", "user", other, "microsoft")]));
        await identity.Published<UserChanged>(user => user.Email == victim.Email && user.GroupId == other);
        await identity.AtProvider(victim.Email, new { tenant = Theirs });
        await identity.AtProvider("nobody-anywhere@bluedolphin.example", new { tenant = Theirs });

        // Their own enterprise trusts the tenant: that is where they get, and nowhere else.
        Assert.Equal(other.ToString(), (await identity.NewBrowser().SignIn(victim.Email, "microsoft"))
            .Tokens!.Access.GetClaim("group").Value);
        // Whoever runs the tenant and writes an address into it does not learn either whether Blue Dolphin knows it.
        Assert.Equal("enterprise", (await identity.NewBrowser().SignIn(victim.Email, "microsoft", $"{Demo.BlueDolphinId}")).Refusal);
        Assert.Equal("unknown", (await identity.NewBrowser().SignIn("nobody-anywhere@bluedolphin.example", "microsoft")).Refusal);
        await identity.AtProvider(Demo.EastAdmin.Email, new { tenant = Theirs });
        Assert.Equal("unknown", (await identity.NewBrowser().SignIn(Demo.EastAdmin.Email, "microsoft")).Refusal);
        await identity.AtProvider(Demo.EastAdmin.Email, new { tenant = IdentityService.Tenant });
    }

    [Fact]
    public async Task A_personal_token_stays_with_the_enterprise_it_was_made_in()
    {
        var (dolphin, tumble) = await identity.OfBoth("token-maker");
        var browser = identity.NewBrowser();
        using var http = identity.Bearing((await browser.SignIn(dolphin.Email, enterprise: $"{Demo.TumbleTimeId}")).Tokens!.AccessToken);
        var made = await (await http.PostAsJsonAsync("/api/me/tokens",
            new { name = "Power BI", scopes = new[] { "feed:names" }, days = 30 }, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);

        using var switched = identity.Bearing((await browser.Switch(Demo.BlueDolphinId)).Tokens!.AccessToken);

        Assert.Equal(0, (await switched.GetFromJsonAsync<JsonElement>("/api/me/tokens", Stop)).GetProperty("items").GetArrayLength());
        var (exchanged, _) = await browser.Token(
            ("grant_type", "urn:enterprise-portal:personal-token"), ("personal_token", made.GetProperty("secret").GetString()!),
            ("client_id", "gateway"), ("client_secret", "the-gateway"));
        Assert.Equal((tumble.Id.ToString(), Demo.TumbleTimeId.ToString()),
            (exchanged!.Access.Subject, exchanged.Access.GetClaim("group").Value));
    }

    [Fact]
    public async Task The_next_user_of_a_browser_cannot_make_the_previous_users_choice()
    {
        var (dolphin, _) = await identity.OfBoth("left-undecided");
        var browser = identity.NewBrowser();
        await browser.SignIn(dolphin.Email);

        await browser.SignIn(Demo.RootUser.Email);

        Assert.Equal(HttpStatusCode.NotFound, (await browser.Choices()).StatusCode);
        Assert.Equal("enterprise", (await browser.Switch(Demo.TumbleTimeId)).Refusal);
    }

    static Task<HttpResponseMessage> Invite(HttpClient admin, string email) =>
        admin.PostAsJsonAsync("/api/users",
            new { email, name = "Somebody New", level = "user", group = Demo.TumbleTimeId, provider = "google" }, Stop);
}
