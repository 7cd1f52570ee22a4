using System.Net;
using EnterprisePortal.Tests.EndToEnd.Pages;
using EnterprisePortal.Tests.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace EnterprisePortal.Tests.EndToEnd;

public sealed class SignInTests(Portal portal)
{
    [Fact]
    public async Task Signing_in_with_the_button_leads_home_and_signing_out_ends_it()
    {
        await using var rosa = await portal.Visitor();

        var accounts = await rosa.Page.SignInWithGoogle("Rosa Admin");

        await Expect(accounts.Rows).ToHaveCountAsync(8);
        await accounts.SignOut();
        await rosa.Page.GotoAsync("/accounts");
        Assert.Contains("/sign-in?returnUrl=%2Faccounts", rosa.Page.Url, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("root-admin@bluedolphin.example", "google", "admin", 8)]
    [InlineData("east-user@bluedolphin.example", "google", "user", 4)]
    [InlineData("east-admin@bluedolphin.example", "microsoft", "admin", 4)]
    [InlineData("root-admin@tumbletime.example", "google", "admin", 4)]
    public async Task A_person_is_known_and_sees_the_accounts_of_their_reach_only(string email, string provider, string level, int count)
    {
        using var person = await Caller.SignedIn(portal.World, email, provider);

        var me = await person.Json("/api/me");
        var accounts = (await person.Json("/api/accounts")).GetProperty("items").EnumerateArray()
            .Select(account => account.GetProperty("code").GetString()!).ToList();

        Assert.Equal((email, level, provider),
            (me.GetProperty("email").GetString(), me.GetProperty("level").GetString(), me.GetProperty("provider").GetString()));
        Assert.Equal(count, accounts.Count);
        Assert.All(accounts, code => Assert.StartsWith(email.Split('@')[1].Split('.')[0], code, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_session_a_program_gets_401_and_a_person_the_sign_in_page()
    {
        using var nobody = new Caller(portal.World);

        foreach (var address in new[] { "/api/me", "/api/accounts", "/api/search/families?name=smith", "/api/audit", "/api/sync/accounts" })
            using (var answer = await nobody.Get(address))
                Assert.Equal((HttpStatusCode.Unauthorized, "application/problem+json"),
                    (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        foreach (var address in new[] { "/accounts", "/family-search?name=smith", "/audit-log", "/sync", "/open/bluedolphin-austin" })
            using (var answer = await nobody.Get(address))
                Assert.Equal($"/sign-in?returnUrl={Uri.EscapeDataString(address)}", answer.Headers.Location?.ToString()
                    .Replace(portal.World.Portal.ToString(), "/", StringComparison.Ordinal) ?? $"none: {answer.StatusCode}");
    }

    [Fact]
    public async Task A_person_who_came_for_a_page_gets_to_it_after_signing_in()
    {
        await using var emil = await portal.Visitor();

        await emil.Page.GotoAsync("/family-search?name=smith");
        await emil.Page.GetByRole(AriaRole.Link, new() { Name = "Continue with Google" }).ClickAsync();
        await emil.Page.GetByRole(AriaRole.Link, new() { Name = "Emil User" }).ClickAsync();

        await emil.Page.WaitForURLAsync("**/family-search?name=smith");
    }

    [Theory]
    [InlineData("suspended@bluedolphin.example", "Your access to the portal is suspended")]
    [InlineData("stranger@elsewhere.example", "The portal does not know you")]
    public async Task A_person_who_is_refused_is_told_why_and_has_no_session(string email, string why)
    {
        await using var visitor = await portal.Visitor();

        await visitor.Page.GotoAsync($"/sign-in?provider=google&login_hint={email}");

        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(why);
        Assert.Equal(401, (await visitor.Page.APIRequest.GetAsync("/api/me")).Status);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/\t/evil.example")]
    public async Task Signing_in_never_leads_away_from_the_portal(string returnUrl)
    {
        using var visitor = new Caller(portal.World);

        using var answer = await visitor.Get(
            $"/sign-in?provider=google&login_hint=root-admin@bluedolphin.example&returnUrl={Uri.EscapeDataString(returnUrl)}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("would have led you away", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }
}
