using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Contracts.Permissions;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.AccountApi;

namespace EnterprisePortal.Tests.Accounts;

public class OnboardingTests(AccountsService accounts) : IClassFixture<AccountsService>
{
    [Fact]
    public async Task An_account_is_registered_with_its_owners_code_in_the_chosen_groups_and_entered_by_nobody_before_it_is_opened()
    {
        accounts.Codes["bluedolphin-dallas"] = "right";
        var admin = accounts.SignedInAs(accounts.RootAdmin);

        Assert.Contains("pairing code is wrong",
            await Words(await Register(admin, "bluedolphin-dallas", "wrong", accounts.West), "pairingCode"));
        var registered = await Register(admin, "bluedolphin-dallas", "right", accounts.West);

        Assert.Equal((HttpStatusCode.Created, "/api/accounts/bluedolphin-dallas"),
            (registered.StatusCode, registered.Headers.Location?.ToString()));
        var account = (await registered.Content.ReadFromJsonAsync<AccountItem>())!;
        Assert.Equal(("onboarding", "onboarding", "Name of bluedolphin-dallas"), (account.Status, account.Entry.Problem, account.Name));
        Assert.Equal([accounts.BlueDolphin.Name, "West"], account.Groups.Select(group => group.Name));
        Assert.Equal(("account-bluedolphin-dallas", accounts.BlueDolphin.Id),
            (accounts.Pairings[^1].ClientId, accounts.Pairings[^1].EnterpriseId));
        Assert.Equal(HttpStatusCode.Conflict, (await admin.GetAsync("/open/bluedolphin-dallas")).StatusCode);
        var told = await accounts.Published<DirectoryChanged>(it => it.Accounts.Any(one => one.Code == "bluedolphin-dallas"));
        Assert.DoesNotContain("bluedolphin-dallas", told.Groups.Single(group => group.Id == accounts.East).Accounts);
        var recorded = await accounts.Published<ActivityRecorded>(
            it => it.Action == "account.registered" && it.Account == "bluedolphin-dallas");
        Assert.DoesNotContain("right", recorded.Details);
    }

    [Fact]
    public async Task An_account_is_activated_once_every_step_of_its_test_has_passed_and_its_contact_and_admins_are_told()
    {
        var admin = accounts.SignedInAs(accounts.RootAdmin);
        await Register(admin, "bluedolphin-seattle", "code");

        Assert.Equal("urn:portal:connection-not-tested", await Refused(await Open(admin, "bluedolphin-seattle")));
        accounts.Unguarded.Add("bluedolphin-seattle");
        var first = await Test(admin, "bluedolphin-seattle");
        Assert.Equal(["failed", "skipped", "skipped", "skipped", "skipped"], first.Steps.Select(step => step.Outcome));
        Assert.Equal("urn:portal:connection-not-tested", await Refused(await Open(admin, "bluedolphin-seattle")));

        accounts.Unguarded.Clear();
        var testing = Test(admin, "bluedolphin-seattle");
        await accounts.Bus.Publish(new RestrictionsTaken("bluedolphin-seattle", 1, accounts.Clock.GetUtcNow()));
        Assert.Equal([("reachable", "good"), ("keys", "good"), ("snapshot", "good"), ("restrictions", "good"), ("staff", "good")],
            (await testing).Steps.Select(step => (step.Name, step.Outcome)));
        Assert.Equal(HttpStatusCode.OK, (await Open(admin, "bluedolphin-seattle")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Open(admin, "bluedolphin-seattle")).StatusCode);

        var opened = await accounts.Published<AccountActivated>(it => it.Account == "bluedolphin-seattle");
        Assert.Equal(("owner@bluedolphin-seattle.example", "Rosa Admin"), (opened.Contact.Email, opened.By));
        Assert.Equal(HttpStatusCode.Found, (await admin.GetAsync("/open/bluedolphin-seattle")).StatusCode);
        await accounts.Published<ActivityRecorded>(it => it.Action == "account.activated" && it.Account == "bluedolphin-seattle");
        Assert.Single(accounts.Bus.Heard<AccountActivated>(), it => it.Account == "bluedolphin-seattle");
    }

    [Fact]
    public async Task An_account_that_lacks_a_staff_user_may_be_opened_but_one_without_the_restrictions_may_not()
    {
        var admin = accounts.SignedInAs(accounts.RootAdmin);
        await Register(admin, "bluedolphin-portland", "code");
        accounts.StaffMissing.Add(("bluedolphin-portland", "portal-user@bluedolphin.example"));
        // Of an account of this name that was removed before.
        await accounts.Bus.Publish(new RestrictionsTaken("bluedolphin-portland", 9, accounts.Clock.GetUtcNow().AddHours(-1)));

        var without = await Test(admin, "bluedolphin-portland");
        Assert.Equal("failed", without.Steps.Single(step => step.Name == "restrictions").Outcome);
        Assert.False(without.Passed);

        await accounts.Bus.Publish(new RestrictionsTaken("bluedolphin-portland", 10, accounts.Clock.GetUtcNow()));
        var with = await Test(admin, "bluedolphin-portland");
        Assert.Contains("There is no staff user portal-user@bluedolphin.example",
            with.Steps.Single(step => step.Outcome == "warning").Words);
        Assert.Equal(HttpStatusCode.OK, (await Open(admin, "bluedolphin-portland")).StatusCode);
    }

    [Fact]
    public async Task An_account_of_ones_own_enterprise_is_named_when_it_is_registered_again()
    {
        var rosa = accounts.SignedInAs(accounts.RootAdmin);
        var pairings = accounts.Pairings.Count;

        Assert.Equal("urn:portal:account-registered",
            await Refused(await rosa.PostAsJsonAsync(
                "/api/accounts", new { baseUrl = "HTTP://office.example/BlueDolphin-Austin/", pairingCode = "again", code = "mine" })));
        Assert.Equal("urn:portal:account-registered", await Refused(await Register(rosa, "bluedolphin-austin", "again")));
        // The owner's one-time code was not spent on a refusal.
        Assert.Equal(pairings, accounts.Pairings.Count);
        Assert.Contains("not an account code",
            await Words(await rosa.PostAsJsonAsync("/api/accounts", new { baseUrl = "http://office.example/Über", pairingCode = "x" }),
                "code"));
        Assert.Contains("not a base URL",
            await Words(await rosa.PostAsJsonAsync("/api/accounts", new { baseUrl = "ftp://office.example/x", pairingCode = "x" }),
                "baseUrl"));
        Assert.NotNull(await Words(await rosa.PostAsJsonAsync("/api/accounts", new { }), "baseUrl"));
    }

    [Fact]
    public async Task An_Admin_is_not_told_what_another_enterprise_has_registered()
    {
        var tara = accounts.SignedInAs(accounts.TumbleAdmin);
        accounts.Codes["bluedolphin-austin"] = accounts.Codes["gymnasium-of-nobody"] = "the owner's";
        // With the right code too: the account says that it is paired.
        accounts.Paired.Add("bluedolphin-boston");

        var answers = new[]
        {
            await Register(tara, "gymnasium-of-nobody", "a guess"), await Register(tara, "bluedolphin-austin", "a guess"),
            await Register(tara, "bluedolphin-boston", "the owner's"),
            await tara.PostAsJsonAsync("/api/accounts",
                new { baseUrl = "HTTP://office.example/bluedolphin-austin/", pairingCode = "a guess" },
                TestContext.Current.CancellationToken)
        };

        var said = await Task.WhenAll(
            answers.Select(answer => answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode));
        Assert.Single(said.Select(problem => $"{problem.GetProperty("title")} {problem.GetProperty("errors")}").Distinct());
        Assert.StartsWith("The pairing code is wrong", said[0].GetProperty("errors").GetProperty("pairingCode")[0].GetString());
        accounts.Codes.Clear();
        accounts.Paired.Clear();
    }

    [Fact]
    public async Task A_code_that_another_enterprise_uses_cannot_be_taken_and_the_refusal_does_not_say_why()
    {
        var tara = accounts.SignedInAs(accounts.TumbleAdmin);

        // The account lets itself be paired, though it calls itself as one of Blue Dolphin's does.
        var refused = await tara.PostAsJsonAsync("/api/accounts",
            new { baseUrl = "http://office.example/bluedolphin-tampa", pairingCode = "x" }, TestContext.Current.CancellationToken);

        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal(("urn:portal:account-not-paired", "This account cannot be registered. Ask the operators of the portal."),
            (problem.GetProperty("type").GetString(), problem.GetProperty("detail").GetString()));
        Assert.Contains("bluedolphin-tampa", accounts.BlueDolphin.Accounts.Keys);
    }

    [Fact]
    public async Task Of_two_Admins_who_register_the_same_account_at_once_one_succeeds_and_the_other_is_told()
    {
        var admin = accounts.SignedInAs(accounts.RootAdmin);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Register(admin, "bluedolphin-houston", "code")));

        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
            Assert.Equal("urn:portal:account-registered", await Refused(answer));
    }

    [Fact]
    public async Task Only_an_admin_of_the_whole_enterprise_connects_opens_and_removes_accounts()
    {
        var (east, user) = (accounts.SignedInAs(accounts.EastAdmin), accounts.SignedInAs(accounts.RootUser));

        Assert.Equal("urn:portal:root-admin-only", await Refused(await Register(east, "bluedolphin-miami", "code", accounts.East)));
        Assert.Equal("urn:portal:root-admin-only", await Refused(await east.DeleteAsync("/api/accounts/bluedolphin-boston")));
        Assert.Equal(HttpStatusCode.NotFound, (await east.DeleteAsync("/api/accounts/bluedolphin-austin")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound,
            (await accounts.SignedInAs(accounts.TumbleAdmin).DeleteAsync("/api/accounts/bluedolphin-austin")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound,
            (await accounts.SignedInAs(accounts.TumbleAdmin).PostAsync("/api/accounts/bluedolphin-austin/connection", null)).StatusCode);
        foreach (var forbidden in new[]
        {
            await Register(user, "bluedolphin-miami", "code"),
            await user.DeleteAsync("/api/accounts/bluedolphin-boston"),
            await user.PostAsync("/api/accounts/bluedolphin-boston/connection", null)
        })
            Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
    }

    [Fact]
    public async Task A_removed_account_is_told_first_leaves_everything_and_may_come_back()
    {
        var admin = accounts.SignedInAs(accounts.RootAdmin);
        await Register(admin, "bluedolphin-chicago", "code", accounts.West);
        await admin.PutAsync("/api/accounts/bluedolphin-chicago/favourite", null);

        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync("/api/accounts/bluedolphin-chicago")).StatusCode);

        Assert.Contains("bluedolphin-chicago", accounts.Released);
        Assert.Equal(accounts.BlueDolphin.Id, (await accounts.Published<AccountRemoved>(it => it.Account == "bluedolphin-chicago"))
            .EnterpriseId);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync("/api/accounts/bluedolphin-chicago")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.DeleteAsync("/api/accounts/bluedolphin-chicago")).StatusCode);
        await accounts.Published<ActivityRecorded>(it => it.Action == "account.removed" && it.Account == "bluedolphin-chicago");
        var back = await (await Register(admin, "bluedolphin-chicago", "code")).Content.ReadFromJsonAsync<AccountItem>();
        Assert.Equal(("onboarding", false), (back!.Status, back.Favourite));
    }

    [Fact]
    public async Task An_account_that_cannot_be_told_is_removed_only_on_request()
    {
        var admin = accounts.SignedInAs(accounts.RootAdmin);
        await Register(admin, "bluedolphin-omaha", "code");
        accounts.Down.Add("bluedolphin-omaha");

        Assert.Equal("urn:portal:account-not-released", await Refused(await admin.DeleteAsync("/api/accounts/bluedolphin-omaha")));
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("/api/accounts/bluedolphin-omaha")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync("/api/accounts/bluedolphin-omaha?anyway=true")).StatusCode);
        await accounts.Published<AccountRemoved>(it => it.Account == "bluedolphin-omaha");
    }

    [Theory]
    [InlineData("127.0.0.1"), InlineData("10.0.0.1"), InlineData("172.20.1.1"), InlineData("192.168.1.1"), InlineData("169.254.169.254"),
        InlineData("100.64.0.1"), InlineData("0.0.0.0"),
     InlineData("::1"), InlineData("fd00::1"), InlineData("fe80::1"), InlineData("::ffff:10.0.0.1"), InlineData("64:ff9b::a00:1"),
     InlineData("2002:7f00:1::"), InlineData("::127.0.0.1")]
    public void No_connection_is_made_to_an_address_of_our_own_network(string address) =>
        Assert.False(PublicAddresses.IsPublic(IPAddress.Parse(address)));

    [Fact]
    public async Task Also_where_the_name_of_an_account_says_so_only_later()
    {
        using var http = new HttpClient(PublicAddresses.Handler(development: false));

        var refused = await Assert.ThrowsAsync<HttpRequestException>(
            () => http.GetAsync("http://localhost:1/", TestContext.Current.CancellationToken));

        Assert.Contains("no public address", refused.ToString(), StringComparison.Ordinal);
        Assert.True(PublicAddresses.IsPublic(IPAddress.Parse("93.184.216.34"))
            && PublicAddresses.IsPublic(IPAddress.Parse("2606:2800:220:1::1")));
    }

    static Task<HttpResponseMessage> Register(HttpClient admin, string code, string pairingCode, params Guid[] groups) =>
        admin.PostAsJsonAsync("/api/accounts",
            new { baseUrl = $"http://office.example/{code}", pairingCode, groups }, TestContext.Current.CancellationToken);

    static Task<HttpResponseMessage> Open(HttpClient admin, string code) =>
        admin.PatchAsJsonAsync($"/api/accounts/{code}", new { status = "active" });

    static async Task<ConnectionState> Test(HttpClient admin, string code) =>
        (await (await admin.PostAsync($"/api/accounts/{code}/connection", null))
            .EnsureSuccessStatusCode().Content.ReadFromJsonAsync<ConnectionState>())!;

    static async Task<string?> Refused(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString();

    static async Task<string?> Words(HttpResponseMessage answer, string field)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        return errors.EnumerateObject().Single(error => error.Name.Equals(field, StringComparison.OrdinalIgnoreCase)).Value[0].GetString();
    }
}

public class FavoriteTests(AccountsService accounts) : IClassFixture<AccountsService>
{
    [Fact]
    public async Task A_persons_favorites_come_first_in_their_lists_and_in_nobody_elses()
    {
        var (rosa, ruben) = (accounts.SignedInAs(accounts.RootAdmin), accounts.SignedInAs(accounts.RootUser));

        foreach (var code in new[] { "bluedolphin-tampa", "bluedolphin-fresno", "bluedolphin-tampa" })
            Assert.Equal(HttpStatusCode.NoContent, (await rosa.PutAsync($"/api/accounts/{code}/favourite", null)).StatusCode);

        Assert.Equal(["bluedolphin-fresno", "bluedolphin-tampa", "bluedolphin-albany"],
            (await List(rosa)).Take(3).Select(account => account.Code));
        Assert.Equal([true, true, false], (await List(rosa)).Take(3).Select(account => account.Favourite));
        Assert.Equal("bluedolphin-albany", (await List(ruben))[0].Code);
        Assert.Equal((await List(rosa)).Select(account => account.Code), await Paged(rosa));

        await rosa.DeleteAsync("/api/accounts/bluedolphin-fresno/favourite");
        Assert.Equal(["bluedolphin-tampa", "bluedolphin-albany"], (await List(rosa)).Take(2).Select(account => account.Code));
        await rosa.DeleteAsync("/api/accounts/bluedolphin-tampa/favourite");
        Assert.Equal(HttpStatusCode.NotFound,
            (await accounts.SignedInAs(accounts.EastUser).PutAsync("/api/accounts/bluedolphin-austin/favourite", null)).StatusCode);
    }

    [Fact]
    public async Task The_export_has_the_accounts_of_the_list_and_nothing_a_spreadsheet_would_run()
    {
        var admin = accounts.SignedInAs(accounts.RootAdmin);
        await admin.PatchAsJsonAsync("/api/accounts/bluedolphin-denver", new { owner = "=cmd|' /C calc'!A0" });

        var answer = await admin.GetAsync(
            $"/api/accounts/export.csv?group={accounts.West}&q=dolphin", TestContext.Current.CancellationToken);
        var lines = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
            .Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(("text/csv", "attachment"),
            (answer.Content.Headers.ContentType!.MediaType, answer.Content.Headers.ContentDisposition!.DispositionType));
        Assert.StartsWith("account,name,owner,", lines[0]);
        Assert.Equal(["bluedolphin-austin", "bluedolphin-denver", "bluedolphin-fresno", "bluedolphin-tucson"],
            lines.Skip(1).Select(line => line.Split(',')[0]).Order());
        Assert.Contains(",'=cmd|", lines.Single(line => line.StartsWith("bluedolphin-denver", StringComparison.Ordinal)));
    }

    static async Task<IReadOnlyList<AccountItem>> List(HttpClient person) =>
        (await person.GetFromJsonAsync<Page<AccountItem>>("/api/accounts"))!.Items;

    static async Task<List<string>> Paged(HttpClient person)
    {
        var codes = new List<string>();
        for (string? next = ""; next is not null;)
        {
            var page = (await person.GetFromJsonAsync<Page<AccountItem>>($"/api/accounts?limit=3{(next == "" ? "" : $"&cursor={next}")}"))!;
            codes.AddRange(page.Items.Select(account => account.Code));
            next = page.Next;
        }
        return codes;
    }
}
