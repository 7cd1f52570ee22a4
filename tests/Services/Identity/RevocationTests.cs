using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.Contracts.Identity;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;

namespace EnterprisePortal.Tests.Identity;

/// <summary>What changes for a person ends what is open, here and inside accounts.</summary>
public class RevocationTests(IdentityService identity) : IClassFixture<IdentityService>
{
    readonly System.Collections.Concurrent.ConcurrentBag<(string Account, string Sid)> told = [];

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deactivating_a_group_ends_everything_of_its_people_and_of_those_below_and_of_nobody_else()
    {
        AccountsListen();
        var (above, inside, below) = (await identity.Somebody("above"), await identity.Somebody("inside", group: Demo.WestId),
            await identity.Somebody("below", group: Below));
        await identity.Given(WithBelow);
        var (a, b, c) = (await In(above, "bluedolphin-austin"), await In(inside, "bluedolphin-austin"),
            await In(below, "bluedolphin-denver"));

        await identity.Given(WithBelow with
            { Groups = [.. WithBelow.Groups.Select(group => group.Id == Demo.WestId ? group with { Active = false } : group)] });

        await Told(("bluedolphin-austin", b.Sid), ("bluedolphin-denver", c.Sid));
        await identity.Published<SessionsRevoked>(it => it.Sessions.Contains(b.Sid));
        await identity.Published<ActivityRecorded>(it => it.Action == "session.ended" && it.Subject == below.Email);
        Assert.Equal("invalid_grant", (await b.Browser.Refresh(b.Tokens)).Refusal);
        Assert.NotNull((await a.Browser.Refresh(a.Tokens)).Tokens);
        Assert.DoesNotContain(told, it => it.Sid == a.Sid);
        await identity.Given(identity.BlueDolphin);
    }

    [Fact]
    public async Task Who_loses_an_account_leaves_it_and_stays_in_the_others()
    {
        AccountsListen();
        var somebody = await In(await identity.Somebody("traveller"), "bluedolphin-austin", "bluedolphin-denver", "bluedolphin-tucson",
            "bluedolphin-boston");
        var directory = identity.BlueDolphin;

        await identity.Given(directory with
        {
            Groups = [.. directory.Groups.Select(
                group => group with { Accounts = [.. group.Accounts.Where(account => account != "bluedolphin-austin")] })],
            Accounts = [.. directory.Accounts.Select(account => account.Code == "bluedolphin-denver" ? account with
                { Status = AccountState.Suspended } : account)]
        });

        await Told(("bluedolphin-austin", somebody.Sid), ("bluedolphin-denver", somebody.Sid));
        Assert.NotNull((await somebody.Browser.Refresh(somebody.Tokens)).Tokens);
        var root = await identity.SignedIn(Demo.RootAdmin);
        var session = (await root.GetFromJsonAsync<JsonElement>($"/api/users/{somebody.Id}/sessions", Stop)).GetProperty("items")[0];
        Assert.Equal(JsonValueKind.Null, session.GetProperty("endedAt").ValueKind);
        await Eventually(async () => (await Entry("bluedolphin-denver")).GetProperty("endedConfirmedAt").ValueKind == JsonValueKind.String);
        Assert.Equal(JsonValueKind.Null, (await Entry("bluedolphin-tucson")).GetProperty("endedConfirmedAt").ValueKind);
        await identity.Given(directory);

        async Task<JsonElement> Entry(string account) =>
            (await root.GetFromJsonAsync<JsonElement>($"/api/users/{somebody.Id}/sessions", Stop))
            .GetProperty("items")[0].GetProperty("accounts").EnumerateArray()
            .Single(entry => entry.GetProperty("account").GetString() == account);
    }

    [Fact]
    public async Task A_new_login_as_staff_user_ends_entries_as_the_old_one()
    {
        AccountsListen();
        var (user, admin) = (await In(await identity.Somebody("as-user"), "bluedolphin-fresno"),
            await In(await identity.Somebody("as-admin", "admin"), "bluedolphin-fresno"));
        var directory = identity.BlueDolphin;

        await identity.Given(directory with
            { Groups = [.. directory.Groups.Select(
                group => group.ParentId is null ? group with { UserEmail = "another@bluedolphin.example" } : group)] });

        await Told(("bluedolphin-fresno", user.Sid));
        Assert.DoesNotContain(told, it => it.Sid == admin.Sid);
        await identity.Given(directory);
        using var root = await identity.SignedIn(Demo.RootAdmin);
        await user.Browser.Enter("bluedolphin-fresno");
        told.Clear();

        await root.PatchAsJsonAsync($"/api/users/{user.Id}", new { staffEmail = "own@bluedolphin.example" }, Stop);

        await Told(("bluedolphin-fresno", user.Sid));
        Assert.NotNull((await user.Browser.Refresh(user.Tokens)).Tokens);
    }

    [Fact]
    public async Task People_see_their_own_sessions_and_end_one_or_all_the_others()
    {
        AccountsListen();
        var person = await identity.Somebody("two-devices");
        var (here, there, third) = (await In(person), await In(person, "bluedolphin-boston"), await In(person));
        using var http = identity.Bearing(here.Tokens.AccessToken);

        var mine = await http.GetFromJsonAsync<JsonElement>("/api/me/sessions", Stop);
        Assert.Equal(HttpStatusCode.NoContent, (await http.DeleteAsync($"/api/me/sessions/{there.Sid}", Stop)).StatusCode);

        Assert.Equal([here.Sid], mine.GetProperty("items").EnumerateArray().Where(it => it.GetProperty("current").GetBoolean())
            .Select(it => it.GetProperty("id").GetString()));
        await Told(("bluedolphin-boston", there.Sid));
        Assert.NotNull((await third.Browser.Refresh(third.Tokens)).Tokens);
        await http.DeleteAsync("/api/me/sessions?others=true", Stop);
        Assert.Equal("invalid_grant", (await third.Browser.Refresh(third.Tokens)).Refusal);
        Assert.NotNull((await here.Browser.Refresh(here.Tokens)).Tokens);
        using var stranger = await identity.SignedIn(Demo.EastUser);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.DeleteAsync($"/api/me/sessions/{here.Sid}", Stop)).StatusCode);
    }

    static readonly Guid Below = Guid.CreateVersion7();

    DirectoryChanged WithBelow => identity.BlueDolphin with
    {
        Groups = [.. identity.BlueDolphin.Groups, new(Below, "Southwest", Demo.WestId, true, null, null, ["bluedolphin-denver"])]
    };

    sealed record Inside(Guid Id, Browser Browser, Tokens Tokens, string Sid);

    async Task<Inside> In(ServiceDefaults.SignIn.Person person, params string[] accounts)
    {
        var browser = identity.NewBrowser();
        var (tokens, _) = await browser.SignIn(person.Email);
        foreach (var account in accounts)
            Assert.Null((await browser.Enter(account)).Refusal);
        return new(person.Id, browser, tokens!, tokens!.Access.GetClaim("sid").Value);
    }

    void AccountsListen() => identity.Outbound.Answer("office.example", async (request, cancel) =>
    {
        var token = new JsonWebToken(new FormReader(await request.Content!.ReadAsStringAsync(cancel)).ReadForm()["logout_token"]);
        told.Add((request.RequestUri!.Segments[1].TrimEnd('/'), token.GetClaim("sid").Value));
        return new(HttpStatusCode.OK);
    });

    async Task Told(params (string Account, string Sid)[] logouts)
    {
        var began = Stopwatch.GetTimestamp();
        await Eventually(() => logouts.All(told.Contains));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"Every account was told within {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms.");
    }
}
