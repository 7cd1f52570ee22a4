using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Tests.Support;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using static EnterprisePortal.Tests.OfficePortal.WebOffice;

namespace EnterprisePortal.Tests.OfficePortal;

public class WebEntryTests(WebOffice office) : IClassFixture<WebOffice>
{
    const string Bar =
        "You entered via the <strong>Enterprise Portal</strong> as <strong>Rosa Admin</strong> "
        + "(acting as portal-admin@bluedolphin.example)";

    [Fact]
    public async Task Rosa_lands_on_her_page_under_a_red_bar_that_missing_pages_have_as_well()
    {
        var browser = office.Browser();

        var arrived = await office.Enter(browser, Austin, WebPerson.Rosa(), "/families?name=hol&phone=%2B15125550102");

        Assert.Equal($"{Url}/{Austin}/families?name=hol&phone=%2B15125550102", arrived.Headers.Location?.OriginalString);
        var families = await browser.GetStringAsync(arrived.Headers.Location);
        Assert.Contains(Bar, families);
        Assert.Contains("value=\"hol\"", families);
        foreach (var page in new[] { "nowhere", "families/999999", "settings/enterprise-portal", "audit-log" })
            Assert.Contains(Bar, await (await browser.GetAsync($"/{Austin}/{page}")).Content.ReadAsStringAsync());
        Assert.DoesNotContain("Enterprise Portal</strong> as",
            await (await browser.GetAsync($"/{Denver}/sign-in")).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_page_whose_address_has_a_letter_that_no_header_carries_is_reached_all_the_same()
    {
        var answer = await office.Enter(office.Browser(), Austin, WebPerson.Rosa(), "/families?name=Zoë");

        Assert.Equal($"{Url}/{Austin}/families?name=Zo%C3%AB", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task The_bar_begins_with_the_name_that_the_enterprise_shows()
    {
        office.Portal.ShownName = "Dolphins & Co";
        var browser = office.Browser();

        var arrived = await office.Enter(browser, Austin, WebPerson.Rosa(), "/families");
        office.Portal.ShownName = null;

        var words = Regex.Replace(await browser.GetStringAsync(arrived.Headers.Location), @"\s+", " ");
        Assert.Contains($"<strong>Dolphins &amp; Co</strong> · {Bar}", words);
    }

    [Fact]
    public async Task Staff_who_sign_in_directly_see_no_bar()
    {
        var browser = await office.SignedIn(Austin, "owner");

        var home = await browser.GetStringAsync($"/{Austin}");

        Assert.Contains("Sign out", home);
        Assert.DoesNotContain("entered-bar", home);
    }

    [Fact]
    public async Task An_answer_counts_once_and_only_in_the_browser_that_asked()
    {
        var browser = office.Browser();
        var callback = await office.Callback(browser, Austin, WebPerson.Rosa());

        Assert.Equal(HttpStatusCode.BadRequest, (await office.Browser().GetAsync(callback)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync(callback)).StatusCode);
        var again = await browser.GetAsync(callback);

        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
        Assert.Contains("was used before", await again.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync($"/{Austin}/enterprise/callback?code=x&state=forged")).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("&iss=https%3A%2F%2Fother-portal.example%2F")]
    public async Task An_answer_that_does_not_name_the_paired_portal_lets_nobody_in(string issuer)
    {
        var browser = office.Browser();
        var callback = await office.Callback(browser, Austin, WebPerson.Rosa());

        var refused = await browser.GetAsync(callback[..callback.IndexOf("&iss=", StringComparison.Ordinal)] + issuer);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("did not come from the portal this account is paired with", await refused.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync($"/{Austin}/families")).StatusCode);
    }

    [Theory]
    [InlineData("http://localhost:8090/bluedolphin-denver/families")]
    [InlineData("http://localhost:8090/bluedolphin-austin/../bluedolphin-denver")]
    [InlineData("http://localhost:8090/bluedolphin-austin-2")]
    [InlineData("http://localhost:8090@evil.example/bluedolphin-austin/families")]
    [InlineData("https://evil.example/bluedolphin-austin/families")]
    [InlineData("//evil.example/bluedolphin-austin")]
    [InlineData("http://localhost:8090/bluedolphin-austin/enterprise/sign-in")]
    public async Task Nobody_is_taken_to_an_address_outside_the_account(string target)
    {
        var answer = await office.Browser()
            .GetAsync($"/{Austin}/enterprise/sign-in?iss={TestIdentity.Issuer}&target_link_uri={Uri.EscapeDataString(target)}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("does not belong to this account", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(Austin, "https://other-portal.example/", "a portal that this account does not know")]
    [InlineData(Unpaired, TestIdentity.Issuer, "not connected to an Enterprise Portal")]
    public async Task Only_the_paired_portal_begins_an_entry(string account, string issuer, string words)
    {
        var answer = await office.Browser()
            .GetAsync($"/{account}/enterprise/sign-in?iss={issuer}&target_link_uri={Url}/{account}/families");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(words, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("active = false", "is inactive in this account")]
    [InlineData("locked_until = 'infinity'", "is locked out in this account")]
    [InlineData("portal_entry = false", "has not allowed the portal to enter as")]
    [InlineData("full_permissions = false", "lacks full permissions")]
    [InlineData("email = 'renamed@bluedolphin.example'", "There is no staff user portal-admin@bluedolphin.example in this account")]
    public async Task A_login_as_staff_user_that_cannot_enter_is_named_and_nobody_is_half_signed_in(string change, string words)
    {
        await office.Sql($"update staff set {change} where account = '{Denver}' and email = 'portal-admin@bluedolphin.example'");
        try
        {
            var browser = office.Browser();
            var refused = await office.Enter(browser, Denver, WebPerson.Rosa());

            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.Contains(words, await refused.Content.ReadAsStringAsync());
            Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync($"/{Denver}/families")).StatusCode);
        }
        finally
        {
            await office.Sql($"""
                update staff set email = 'portal-admin@bluedolphin.example', active = true, locked_until = null, portal_entry = true,
                  full_permissions = true
                where account = '{Denver}' and email in ('portal-admin@bluedolphin.example', 'renamed@bluedolphin.example')
                """);
        }
    }

    [Fact]
    public async Task A_person_of_another_enterprise_is_refused_although_the_portal_is_the_right_one()
    {
        var tara = WebPerson.Rosa() with { Name = "Tara Admin" };
        office.Portal.EnterpriseOf = person => person.Name == tara.Name ? Guid.CreateVersion7() : WebPortal.Enterprise;

        var refused = await office.Enter(office.Browser(), Austin, tara);

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("another enterprise", await refused.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task What_the_portal_says_when_it_refuses_is_what_the_page_says()
    {
        var browser = office.Browser();
        var callback = await office.Callback(browser, Austin, WebPerson.Ruben());
        var state = callback[callback.IndexOf("state=", StringComparison.Ordinal)..];

        var refused = await browser.GetAsync(
            $"/{Austin}/enterprise/callback?error=access_denied&error_description=Austin+is+%3Cnot%3E+in+your+group.&{state}");

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("Austin is &lt;not&gt; in your group.", await refused.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_logout_of_the_portal_ends_the_session_here_and_is_in_the_Audit_Log_under_the_real_person()
    {
        var (browser, ruben) = (office.Browser(), WebPerson.Ruben() with { Name = "Ruben Logged Out" });
        await office.Enter(browser, Austin, ruben);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/{Austin}/families")).StatusCode);
        using var stranger = RSA.Create(2048);

        Assert.Equal(HttpStatusCode.BadRequest,
            (await LogOut(WebPortal.LogoutToken(ruben, Austin, new RsaSecurityKey(stranger) { KeyId = "test" }))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await LogOut(WebPortal.LogoutToken(ruben, Denver))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/{Austin}/families")).StatusCode);
        var token = WebPortal.LogoutToken(ruben, Austin);
        Assert.Equal(HttpStatusCode.OK, (await LogOut(token)).StatusCode);

        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync($"/{Austin}/families")).StatusCode);
        Assert.Equal("portal-user@bluedolphin.example Enterprise Portal", await office.Ask<string>(
            $"""
            select username || ' ' || source from audit_entry
              where account = '{Austin}' and member = 'Ruben Logged Out' and action = 'Session ended'
            """));

        // The token of an earlier logout must not end what began after it.
        await office.Enter(browser, Austin, ruben);
        Assert.Equal(HttpStatusCode.OK, (await LogOut(token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/{Austin}/families")).StatusCode);

        Task<HttpResponseMessage> LogOut(string logoutToken) =>
            office.Browser()
                .PostAsync($"/{Austin}/enterprise/backchannel-logout", new FormUrlEncodedContent([new("logout_token", logoutToken)]));
    }

    [Theory]
    [InlineData("events", "[1]")]
    [InlineData("events", "1")]
    [InlineData("events", "null")]
    [InlineData("events", "{\"http://schemas.openid.net/event/backchannel-logout\":1}")]
    [InlineData("sid", "{}")]
    [InlineData("sid", "[\"a\"]")]
    [InlineData("nonce", "1")]
    [InlineData("nonce", "null")]
    public async Task A_logout_token_of_the_right_portal_but_of_no_sense_is_refused_and_ends_nobodys_session(string claim, string value)
    {
        var (browser, ruben) = (office.Browser(), WebPerson.Ruben());
        await office.Enter(browser, Austin, ruben);

        var token = WebPortal.LogoutToken(ruben, Austin, odd: new(claim, value, JsonClaimValueTypes.Json));
        var answer = await office.Browser()
            .PostAsync($"/{Austin}/enterprise/backchannel-logout", new FormUrlEncodedContent([new("logout_token", token)]));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/{Austin}/families")).StatusCode);
    }

    [Theory]
    [InlineData("OPTIONS", "")]
    [InlineData("CONNECT", "")]
    [InlineData("GET", "")]
    public async Task A_request_without_a_path_is_no_fault_of_ours(string method, string path) =>
        Assert.InRange(await office.StatusOf(method, path), 400, 499);

    [Fact]
    public async Task Leave_signs_out_and_goes_back_to_the_portal()
    {
        var (browser, rosa) = (office.Browser(), WebPerson.Rosa() with { Name = "Rosa Leaves" });
        await office.Enter(browser, Austin, rosa);

        var left = await Submit(browser, $"/{Austin}/families", $"/{Austin}/sign-out", []);

        Assert.Equal(TestIdentity.Issuer, left.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync($"/{Austin}/families")).StatusCode);
        Assert.Equal(1,
            await office.Ask<long>(
                $"""
                select count(*) from audit_entry
                  where account = '{Austin}' and member = 'Rosa Leaves' and action = 'Signed out'
                  and source = 'Enterprise Portal'
                """));
    }

    [Fact]
    public async Task The_Account_API_wants_a_token_of_the_pinned_portal_for_this_very_account()
    {
        using var stranger = RSA.Create(2048);

        Assert.Equal(new("portal-admin@bluedolphin.example", "Blue Dolphin Admin", true, false, true, true),
            await (await Staff(Token())).Content.ReadFromJsonAsync<StaffUser>());
        Assert.Equal(HttpStatusCode.NotFound, (await Staff(Token(), "nobody@bluedolphin.example")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Staff(null)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Staff(Token(audience: $"{Url}/{Denver}"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Staff(Token(issuer: "https://other-portal.example/"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Staff(Token(scope: "openid"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Staff(Token(type: "JWT"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Staff(Token(key: new RsaSecurityKey(stranger) { KeyId = "test" }))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Staff(Token(), account: Unpaired)).StatusCode);

        static string Token(
            string scope = "account-api account-api.staff",
            string type = "at+jwt",
            string issuer = TestIdentity.Issuer,
            string? audience = null,
            SecurityKey? key = null) =>
            TestIdentity.Token([new("scope", scope)], type, issuer, [audience ?? $"{Url}/{Austin}"], key);

        Task<HttpResponseMessage> Staff(string? token, string email = "portal-admin@bluedolphin.example", string account = Austin) =>
            office.Browser().SendAsync(
            new(HttpMethod.Get, $"/{account}/api/enterprise/v1/staff/{email}")
            { Headers = { Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token) } });
    }
}
