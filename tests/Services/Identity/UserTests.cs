using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.Contracts.Identity;
using EnterprisePortal.Identity;
using EnterprisePortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Tests.Identity;

public class UserTests(IdentityService identity) : IClassFixture<IdentityService>
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_Admin_sees_the_users_of_their_group_and_below_in_pages_by_name()
    {
        var root = await identity.SignedIn(Demo.RootAdmin);
        var east = await identity.SignedIn(Demo.EastAdmin, "microsoft");

        var first = await Get(root, "/api/users?limit=3");
        var second = await Get(root, $"/api/users?limit=200&cursor={first.GetProperty("next").GetString()}");
        var below = Emails(await Get(east, "/api/users"));

        var all = Emails(await Get(root, "/api/users?limit=200"));
        Assert.Equal(all, Emails(first).Concat(Emails(second)));
        Assert.Contains(Demo.WestUser.Email, all);
        Assert.Contains(Demo.EastUser.Email, below);
        Assert.DoesNotContain(below, email => email == Demo.WestUser.Email || email == Demo.RootAdmin.Email);
        Assert.Equal([Demo.WestUser.Email], Emails(await Get(root, "/api/users?q=WEST-u")));
        Assert.Contains(Demo.WestUser.Email,
            Emails(await Get(root, $"/api/users?q={Demo.WestUser.Email}&group={Demo.WestId}&group={Guid.Empty}")));
    }

    [Fact]
    public async Task An_Admin_sorts_their_users_by_any_column_and_opens_any_page_of_them()
    {
        var root = await identity.SignedIn(Demo.RootAdmin);
        var all = (await Get(root, "/api/users?limit=200")).GetProperty("items").EnumerateArray().ToList();

        foreach (var (sort, field) in new[] { ("email", "email"), ("level", "level"), ("status", "status") })
        {
            var up = Texts(await Get(root, $"/api/users?limit=200&sort={sort}"), field);
            Assert.Equal(up.Order(StringComparer.Ordinal), up);
            var down = Texts(await Get(root, $"/api/users?limit=200&sort=-{sort}"), field);
            Assert.Equal(up.OrderDescending(StringComparer.Ordinal), down);
        }
        string[] groups = [.. (await Get(root, "/api/users?limit=200&sort=-group")).GetProperty("items").EnumerateArray()
            .Select(user => user.GetProperty("group").GetProperty("name").GetString()!)];
        Assert.Equal(groups.OrderDescending(StringComparer.OrdinalIgnoreCase), groups);
        var newest = (await Get(root, "/api/users?limit=1&sort=-signed-in")).GetProperty("items")[0];
        Assert.NotEqual(JsonValueKind.Null, newest.GetProperty("lastSignIn").ValueKind);

        var third = await Get(root, "/api/users?limit=1&offset=2");
        Assert.Equal(all[2].GetProperty("id").GetString(), third.GetProperty("items")[0].GetProperty("id").GetString());
        Assert.Equal(all.Count, third.GetProperty("total").GetInt32());
        foreach (var nonsense in new[] { "sort=shoe-size", "offset=-1", $"sort=email&cursor={Guid.Empty}" })
            Assert.Equal(HttpStatusCode.BadRequest, (await root.GetAsync($"/api/users?{nonsense}", Stop)).StatusCode);
    }

    [Fact]
    public async Task An_Admin_sees_who_of_their_users_is_signed_in_at_the_moment()
    {
        var root = await identity.SignedIn(Demo.RootAdmin);
        var (comer, absent) = (await identity.Somebody("comer"), await identity.Somebody("absent"));
        await identity.NewBrowser().SignIn(comer.Email);

        var present = Emails(await Get(root, "/api/users?signedIn=true&limit=200"));
        await root.DeleteAsync($"/api/users/{comer.Id}/sessions", Stop);
        var afterwards = Emails(await Get(root, "/api/users?signedIn=true&limit=200"));

        Assert.Contains(comer.Email, present);
        Assert.DoesNotContain(absent.Email, present);
        Assert.Contains(Demo.RootAdmin.Email, afterwards);
        Assert.DoesNotContain(comer.Email, afterwards);
    }

    [Fact]
    public async Task A_user_outside_the_Admins_groups_does_not_exist_for_them_and_a_User_manages_nobody()
    {
        var east = await identity.SignedIn(Demo.EastAdmin, "microsoft");
        var user = await identity.SignedIn(Demo.EastUser);
        var beside = await identity.UserId(Demo.WestUser.Email);

        Assert.Equal(HttpStatusCode.NotFound, (await east.GetAsync($"/api/users/{beside}", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await east.PatchAsJsonAsync($"/api/users/{beside}", new { level = "admin" }, Stop))
            .StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await east.DeleteAsync($"/api/users/{beside}", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await east.GetAsync($"/api/users/{beside}/sessions", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await east.DeleteAsync($"/api/users/{beside}/sessions", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound,
            (await east.PostAsJsonAsync("/api/users", Invitation("above@bluedolphin.example", Demo.BlueDolphinId), Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound,
            (await east.PatchAsJsonAsync($"/api/users/{await identity.UserId(Demo.EastUser.Email)}", new { group = Demo.WestId }, Stop))
                .StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await user.GetAsync("/api/users", Stop)).StatusCode);
    }

    [Fact]
    public async Task An_address_is_invited_once_in_an_enterprise()
    {
        var root = await identity.SignedIn(Demo.RootAdmin);

        var first = await root.PostAsJsonAsync("/api/users", Invitation("Twice@bluedolphin.example", Demo.EastId), Stop);
        var second = await root.PostAsJsonAsync("/api/users", Invitation("twice@bluedolphin.example", Demo.WestId), Stop);

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        var item = await first.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal(("twice@bluedolphin.example", "invited", "East"),
            (item.GetProperty("email").GetString(), item.GetProperty("status").GetString(),
                item.GetProperty("group").GetProperty("name").GetString()));
        Assert.Equal((HttpStatusCode.Conflict, "urn:portal:email-taken"), await Problem(second));
        await identity.Published<UserChanged>(user => user.Email == "twice@bluedolphin.example");
        await identity.Published<ActivityRecorded>(
            it => it.Action == "user.invited" && it.Subject == "twice@bluedolphin.example" && it.Person.Email == Demo.RootAdmin.Email);
        Assert.NotNull((await identity.NewBrowser().SignIn("twice@bluedolphin.example")).Tokens);
    }

    [Fact]
    public async Task A_suspended_user_is_out_everywhere_and_comes_back_when_reinstated()
    {
        var person = await identity.Somebody("leaver");
        var root = await identity.SignedIn(Demo.RootAdmin);
        var browser = identity.NewBrowser();
        var (tokens, _) = await browser.SignIn(person.Email);
        var id = await identity.UserId(person.Email);

        await root.PatchAsJsonAsync($"/api/users/{id}", new { status = "suspended" }, Stop);

        var revoked = await identity.Published<SessionsRevoked>(it => it.PersonId == id);
        Assert.Equal([tokens!.Access.GetClaim("sid").Value], revoked.Sessions);
        Assert.Equal("invalid_grant", (await browser.Refresh(tokens)).Refusal);
        Assert.Equal("suspended", (await browser.SignIn(person.Email)).Refusal);
        using var bearer = identity.Bearing(tokens.AccessToken);
        await Eventually(async () => (await bearer.GetAsync("/api/me", Stop)).StatusCode == HttpStatusCode.Unauthorized);
        var entry = await identity.Published<ActivityRecorded>(it => it.Action == "user.suspended" && it.Subject == person.Email);
        Assert.Contains("\"before\":{", entry.Details, StringComparison.Ordinal);

        await root.PatchAsJsonAsync($"/api/users/{id}", new { status = "active" }, Stop);

        Assert.NotNull((await browser.SignIn(person.Email)).Tokens);
    }

    [Fact]
    public async Task Nobody_changes_their_own_level_and_the_last_Admin_stays()
    {
        var (anna, bert) = await identity.TwoAdmins("lonely.example");
        using var http = identity.SignedInAs(anna);

        Assert.Equal((HttpStatusCode.Conflict, "urn:portal:own-level"),
            await Problem(await http.PatchAsJsonAsync($"/api/users/{anna.Id}", new { level = "user" }, Stop)));
        Assert.Equal((HttpStatusCode.Conflict, "urn:portal:own-level"),
            await Problem(await http.DeleteAsync($"/api/users/{anna.Id}", Stop)));
        Assert.Equal(HttpStatusCode.OK, (await http.PatchAsJsonAsync($"/api/users/{bert.Id}", new { level = "user" }, Stop)).StatusCode);
        foreach (var change in new object[] { new { level = "user" }, new { status = "suspended" } })
            Assert.Equal((HttpStatusCode.Conflict, "urn:portal:last-admin"),
                await Problem(await http.PatchAsJsonAsync($"/api/users/{anna.Id}", change, Stop)));
        Assert.Equal((HttpStatusCode.Conflict, "urn:portal:last-admin"),
            await Problem(await http.DeleteAsync($"/api/users/{anna.Id}", Stop)));
    }

    [Fact]
    public async Task Of_the_last_two_Admins_who_demote_each_other_at_the_same_moment_exactly_one_succeeds()
    {
        var (carl, dora) = await identity.TwoAdmins("quarrel.example");
        for (var time = 0; time < 200; time++)
        {
            await identity.Change(db => db.Users.Where(user => user.EnterpriseId == carl.GroupId).ExecuteUpdateAsync(set =>
                set.SetProperty(user => user.Level, "admin").SetProperty(user => user.Status, PortalUser.Active)));
            using HttpClient one = identity.SignedInAs(carl), other = identity.SignedInAs(dora);

            var answers = await Task.WhenAll(
                one.PatchAsJsonAsync($"/api/users/{dora.Id}", new { level = "user" }, Stop),
                (time % 3) switch
                {
                    0 => other.DeleteAsync($"/api/users/{carl.Id}", Stop),
                    1 => other.PatchAsJsonAsync($"/api/users/{carl.Id}", new { status = "suspended" }, Stop),
                    _ => other.PatchAsJsonAsync($"/api/users/{carl.Id}", new { level = "user" }, Stop)
                });

            Assert.Single(answers, answer => answer.IsSuccessStatusCode);
            Assert.Equal((HttpStatusCode.Conflict, "urn:portal:last-admin"),
                await Problem(answers.Single(answer => !answer.IsSuccessStatusCode)));
        }
    }

    static object Invitation(string email, Guid group) => new { email, name = "Somebody New", level = "user", group, provider = "google" };

    static async Task<JsonElement> Get(HttpClient http, string address) => await http.GetFromJsonAsync<JsonElement>(address, Stop);

    static string[] Emails(JsonElement page) =>
        [.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("email").GetString()!)];

    static string[] Texts(JsonElement page, string field) =>
        [.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty(field).GetString()!)];

    static async Task<(HttpStatusCode, string?)> Problem(HttpResponseMessage answer) =>
        (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("type").GetString());
}
