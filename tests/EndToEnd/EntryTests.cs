using System.Net;
using System.Text.RegularExpressions;
using EnterprisePortal.Tests.EndToEnd.Pages;
using EnterprisePortal.Tests.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace EnterprisePortal.Tests.EndToEnd;

public sealed class EntryTests(Portal portal)
{
    [Fact]
    public async Task The_group_filter_is_in_the_url_and_the_key_opens_an_account_under_a_red_bar_that_names_the_person()
    {
        await using var rosa = await portal.SignedIn("root-admin@bluedolphin.example");
        var accounts = new AccountsPage(rosa.Page);

        await accounts.Filter("East");
        await Expect(accounts.Rows).ToHaveCountAsync(4);
        await rosa.Page.ReloadAsync();
        await Expect(accounts.Rows).ToHaveCountAsync(4);
        await Expect(accounts.Key("Blue Dolphin Boston")).ToHaveAccessibleDescriptionAsync("You enter as portal-admin@bluedolphin.example");

        var boston = await accounts.Enter("Blue Dolphin Boston");
        foreach (var section in new[] { "Families", "Staff", "Settings", "Audit Log" })
        {
            await boston.GoTo(section);
            await Expect(boston.RedBar).ToContainTextAsync(
                "You entered via the Enterprise Portal as Rosa Admin (acting as portal-admin@bluedolphin.example)");
        }
        await boston.Tab.GotoAsync($"{portal.World.Office}bluedolphin-boston/no-such-page");
        await Expect(boston.RedBar).ToContainTextAsync("Rosa Admin");

        await boston.Leave();
        await boston.Tab.WaitForURLAsync(portal.World.Portal.ToString());
        await boston.Tab.GotoAsync($"{portal.World.Office}bluedolphin-boston/families");
        await Expect(boston.Tab.GetByRole(AriaRole.Heading, new() { Name = "Sign in to Blue Dolphin Boston" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_accounts_audit_log_shows_the_real_person_for_sign_in_and_sign_out()
    {
        await using var ruben = await portal.SignedIn("root-user@bluedolphin.example");
        var denver = await new AccountsPage(ruben.Page).Enter("Blue Dolphin Denver");
        await denver.Leave();
        await denver.Tab.WaitForURLAsync(portal.World.Portal.ToString());

        await using var owner = await portal.Visitor();
        var office = await owner.Page.SignInDirectly(portal.World.Office, "bluedolphin-denver");
        await Expect(office.RedBar).ToHaveCountAsync(0);
        var log = await office.AuditLog();

        foreach (var action in new[] { "Signed in", "Signed out" })
            Assert.Contains(log, entry =>
                entry is [_, "Ruben User", "portal-user@bluedolphin.example", "Enterprise Portal", _, var done, ..] && done == action);
        Assert.Contains(log, entry => entry is [_, _, "owner@bluedolphin-denver.example", "Office Portal", _, "Signed in", ..]);
    }

    [Theory]
    [InlineData("no-such-account")]
    [InlineData("tumbletime-omaha")]
    public async Task An_unknown_account_and_another_enterprises_look_the_same(string account)
    {
        await using var rosa = await portal.SignedIn("root-admin@bluedolphin.example");

        var answer = await rosa.Page.GotoAsync($"/open/{account}?to=/families");

        Assert.Equal(404, answer!.Status);
        await Expect(rosa.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("There is nothing here");
        await Expect(rosa.Page.Locator("body")).Not.ToContainTextAsync("Tumble");
    }

    [Fact]
    public async Task An_entry_works_once_and_only_in_the_browser_that_began_it()
    {
        using var rosa = await portal.Caller("root-admin@bluedolphin.example");
        var callback = await Callback(rosa);

        using var stranger = new Caller(portal.World);
        await Refused(stranger, callback);
        using (var first = await rosa.Get(callback))
            Assert.Equal($"{portal.World.Office}bluedolphin-tampa/families", first.Headers.Location?.ToString());
        await Refused(rosa, callback);
        await Refused(rosa, (await Callback(rosa)).Replace("code=", "code=forged", StringComparison.Ordinal));
        await Refused(rosa, (await Callback(rosa)).Replace("state=", "state=forged", StringComparison.Ordinal));

        async Task<string> Callback(Caller person)
        {
            using var answer = await person.Follow("/open/bluedolphin-tampa?to=/families", upTo: "/enterprise/callback");
            return answer.Headers.Location!.ToString();
        }
    }

    [Theory]
    [InlineData("https://evil.example/", "{0}bluedolphin-tampa/families")]
    [InlineData("{1}", "https://evil.example/bluedolphin-tampa/families")]
    [InlineData("{1}", "{0}bluedolphin-austin/families")]
    [InlineData("{1}", "{0}bluedolphin-tampa/../bluedolphin-austin/families")]
    public async Task An_account_begins_no_sign_in_for_a_foreign_portal_or_toward_a_foreign_page(string issuer, string target)
    {
        using var rosa = await portal.Caller("root-admin@bluedolphin.example");

        await Refused(
            rosa, $"{portal.World.Office}bluedolphin-tampa/enterprise/sign-in?iss={Filled(issuer)}&target_link_uri={Filled(target)}");

        string Filled(string text) => Uri.EscapeDataString(string.Format(null, text, portal.World.Office, portal.World.Portal));
    }

    [Fact]
    public async Task A_missing_login_as_staff_user_is_named_before_the_click_and_after_it()
    {
        await using var theo = await portal.SignedIn("root-user@tumbletime.example");
        var accounts = new AccountsPage(theo.Page);

        await Expect(accounts.Key("Tumble Time Lincoln")).ToHaveAccessibleDescriptionAsync(new Regex("portal-user@tumbletime.example"));
        var lincoln = await accounts.Enter("Tumble Time Lincoln");

        await Expect(lincoln.Tab.GetByRole(AriaRole.Heading)).ToHaveTextAsync("You cannot enter");
        await Expect(lincoln.Tab.GetByRole(AriaRole.Main)).ToContainTextAsync("portal-user@tumbletime.example");
        await Expect(lincoln.RedBar).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task An_account_that_is_down_gives_a_clear_page_and_the_others_open()
    {
        await using var wanda = await portal.SignedIn("west-user@bluedolphin.example");
        await using var fault = await portal.Fault("bluedolphin-tucson", "down");

        var answer = await wanda.Page.GotoAsync("/open/bluedolphin-tucson?to=/families");
        Assert.Equal(503, answer!.Status);
        await Expect(wanda.Page.GetByRole(AriaRole.Main))
            .ToContainTextAsync("Blue Dolphin Tucson cannot be entered: The account did not answer.");

        await wanda.Page.GotoAsync("/accounts");
        await Expect((await new AccountsPage(wanda.Page).Enter("Blue Dolphin Fresno")).RedBar).ToContainTextAsync("Wanda User");
    }

    static async Task Refused(Caller person, string address)
    {
        using var answer = await person.Get(address);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.BadGateway,
            $"{address} answers {(int)answer.StatusCode} {answer.Headers.Location}");
        Assert.Contains("You cannot enter", page, StringComparison.Ordinal);
    }
}
