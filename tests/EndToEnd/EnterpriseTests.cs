using EnterprisePortal.Tests.EndToEnd.Pages;
using EnterprisePortal.Tests.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace EnterprisePortal.Tests.EndToEnd;

/// <summary>People of both enterprises of the demo world.</summary>
public sealed class EnterpriseTests(Portal portal)
{
    [Fact]
    public async Task A_consultant_chooses_an_enterprise_switches_to_the_other_and_signs_out_of_both()
    {
        await using var cora = await portal.Visitor();
        var page = cora.Page;
        await page.GotoAsync("/accounts");
        await page.GetByRole(AriaRole.Link, new() { Name = "Continue with Google" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Cora Consultant" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Choose an enterprise" })).ToBeVisibleAsync();
        Assert.Equal(401, (await page.APIRequest.GetAsync("/api/me")).Status);
        Assert.Equal("", string.Join('\n', await page.Faults()));
        // By keyboard alone.
        await page.GetByRole(AriaRole.Link, new() { Name = "Tumble Time Gymnastics" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        // What they came for.
        await page.WaitForURLAsync("**/accounts");
        var accounts = new AccountsPage(page);
        await Expect(accounts.Rows).ToHaveCountAsync(4);
        var inside = await accounts.Enter("Tumble Time Omaha");
        await Expect(inside.RedBar).ToContainTextAsync("Cora Consultant");
        var old = await Cookies();

        await page.OpenPersonMenu();
        await page.GetByRole(AriaRole.Link, new() { Name = "Switch enterprise" }).ClickAsync();
        await Expect(page.GetByText("You are here")).ToBeVisibleAsync();
        Assert.Equal("", string.Join('\n', await page.Faults()));
        await page.GetByRole(AriaRole.Link, new() { Name = "Blue Dolphin Swim Schools" }).ClickAsync();

        await page.WaitForURLAsync(portal.World.Portal.ToString());
        await page.GotoAsync("/accounts");
        await Expect(accounts.Rows).ToHaveCountAsync(8);
        await Expect(page.Locator(".who")).ToContainTextAsync("Blue Dolphin Swim Schools");
        await Wait.Eventually(async () =>
            (await inside.Tab.APIRequest.GetAsync(new Uri(portal.World.Office, "tumbletime-omaha/families").ToString(),
                new() { MaxRedirects = 0 })).Status != 200,
            "The session inside the account of the enterprise that was left did not end.");
        await Expect((await accounts.Enter("Blue Dolphin Boston")).RedBar).ToContainTextAsync("Cora Consultant");
        Assert.NotEqual(old, await Cookies());

        await page.BringToFrontAsync();
        await accounts.SignOut();
        await page.GotoAsync("/accounts");
        Assert.Contains("/sign-in?returnUrl=%2Faccounts", page.Url, StringComparison.Ordinal);
        Assert.Empty(cora.Violations);

        async Task<string> Cookies() =>
            string.Join(';', (await page.Context.CookiesAsync()).Where(cookie => cookie.Name.Contains("session", StringComparison.Ordinal))
                .Select(cookie => cookie.Value));
    }

    [Fact]
    public async Task Without_scripts_an_enterprise_is_chosen_and_switched_all_the_same()
    {
        await using var cora = await portal.Visitor(scripts: false);
        var page = cora.Page;
        await InvitedByBoth("no-scripts@partners.example");
        await page.GotoAsync("/sign-in?provider=google&login_hint=no-scripts@partners.example");

        await page.GetByRole(AriaRole.Link, new() { Name = "Blue Dolphin Swim Schools" }).ClickAsync();
        await page.OpenPersonMenu();
        await page.GetByRole(AriaRole.Link, new() { Name = "Switch enterprise" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Tumble Time Gymnastics" }).ClickAsync();

        await page.WaitForURLAsync(portal.World.Portal.ToString());
        await Expect(page.Locator(".who")).ToContainTextAsync("Tumble Time Gymnastics");
    }

    [Fact]
    public async Task A_program_names_the_enterprise_and_is_signed_in()
    {
        using var program = new Caller(portal.World);
        await InvitedByBoth("program@partners.example");

        using (await program.Follow("/sign-in?provider=google&login_hint=program@partners.example"))
        using (var nobody = await program.Get("/api/me"))
            Assert.Equal(401, (int)nobody.StatusCode);
        using (await program.Follow("/sign-in?provider=google&login_hint=program@partners.example&enterprise=Tumble+Time+Gymnastics"))
            Assert.Equal("Tumble Time Gymnastics", (await program.Json("/api/me")).GetProperty("enterprise").GetProperty("name")
                .GetString());
    }

    /// <summary>Neither Admin is told of the other's invitation.</summary>
    async Task InvitedByBoth(string email)
    {
        foreach (var by in new[] { "root-admin@bluedolphin.example", "root-admin@tumbletime.example" })
        {
            using var admin = await portal.Caller(by);
            var group = (await admin.Json("/api/me")).GetProperty("group").GetProperty("id").GetString();
            using var invited = await admin.Post(
                "/api/users", new { email, name = "Works For Both", level = "user", group, provider = "google" });
            Assert.Equal(201, (int)invited.StatusCode);
        }
    }
}
