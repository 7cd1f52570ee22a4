using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Contracts.AccountApi;
using static EnterprisePortal.Tests.OfficePortal.WebOffice;

namespace EnterprisePortal.Tests.OfficePortal;

public class WebSignInTests(WebOffice office) : IClassFixture<WebOffice>
{
    [Theory]
    [InlineData("https://evil.example/", $"/{Austin}")]
    [InlineData("//evil.example", $"/{Austin}")]
    [InlineData($"/{Denver}/families", $"/{Austin}")]
    [InlineData($"/{Austin}/staff", $"/{Austin}/staff")]
    [InlineData($"/{Austin}/families?name=Zoë", $"/{Austin}/families?name=Zo%C3%AB")]
    [InlineData($"/{Austin}/families?name=Z\r\nX-Y: z", $"/{Austin}")]
    [InlineData($"/{Austin}/../{Denver}/families", $"/{Austin}")]
    public async Task After_signing_in_one_stays_in_the_account(string returnUrl, string lands)
    {
        var answer = await Submit(office.Browser(), $"/{Austin}/sign-in", $"/{Austin}/sign-in",
            new() { ["email"] = $"owner@{Austin}.example", ["password"] = "Demo-2026!", ["returnUrl"] = returnUrl });

        Assert.Equal(lands, answer.Headers.Location?.OriginalString);
        Assert.Contains(answer.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith($"office.{Austin}=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_form_without_its_token_signs_nobody_in()
    {
        var answer = await office.Browser()
            .PostAsync($"/{Austin}/sign-in",
                new FormUrlEncodedContent([new("email", $"owner@{Austin}.example"), new("password", "Demo-2026!")]));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie")
            && answer.Headers.GetValues("Set-Cookie").Any(cookie => cookie.StartsWith($"office.{Austin}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_session_opens_no_other_account_and_ends_when_its_staff_user_is_set_inactive()
    {
        var browser = await office.SignedIn(Austin, "frontdesk");
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/{Austin}/families")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync($"/{Denver}/families")).StatusCode);

        await office.Sql($"update staff set active = false where account = '{Austin}' and email = 'frontdesk@{Austin}.example'");

        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync($"/{Austin}/families")).StatusCode);
        await office.Sql($"update staff set active = true where account = '{Austin}' and email = 'frontdesk@{Austin}.example'");
    }

    [Fact]
    public async Task Staff_who_lack_a_permission_are_told_which()
    {
        var browser = await office.SignedIn(Austin, "frontdesk");

        var denied = await browser.GetAsync($"/{Austin}/audit-log");

        Assert.Equal(HttpStatusCode.Forbidden, denied.StatusCode);
        Assert.Contains("audit-log.view", await denied.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_unknown_account_is_a_page_that_is_not_there()
    {
        var answer = await office.Browser().GetAsync("/nobodys-account/families");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("There is no such page", await answer.Content.ReadAsStringAsync());
        Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());
    }

    [Fact]
    public async Task A_pairing_code_works_once_and_never_for_a_second_enterprise()
    {
        var wrong = await office.Pair(Unpaired, "0000-0000-0000-0000");
        var code = await office.PairingCodeOf(Unpaired);
        var first = await office.Pair(Unpaired, code.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal));
        var stolen = await office.Pair(Unpaired, code, Guid.CreateVersion7());
        var lost = await office.Pair(Unpaired, code);
        await office.Api(Unpaired).GetAsync("restrictions");
        var second = await office.Pair(Unpaired, code);
        var taken = await office.Pair(Unpaired, await office.PairingCodeOf(Unpaired), Guid.CreateVersion7());

        Assert.Equal([HttpStatusCode.Forbidden, HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.OK, HttpStatusCode.Forbidden,
            HttpStatusCode.Conflict],
            [wrong.StatusCode, first.StatusCode, stolen.StatusCode, lost.StatusCode, second.StatusCode, taken.StatusCode]);
        // Asked again because the answer was lost, it is the same one, with the same key.
        Assert.Equal(await first.Content.ReadAsStringAsync(), await lost.Content.ReadAsStringAsync());
        Assert.Equal(0, await office.Ask<long>($"select count(*) from account where encode(pairing_code_hash, 'escape') like '%{code}%'"));
    }

    [Fact]
    public async Task A_released_account_has_no_portal_no_restrictions_and_no_visitors_any_more_and_may_be_paired_by_another_enterprise()
    {
        const string Leaving = "bluedolphin-dallas";
        Assert.Equal(HttpStatusCode.Created, (await office.Browser().PostAsync($"/_accounts/{Leaving}", null)).StatusCode);
        var code = await office.PairingCodeOf(Leaving);
        office.Portal.Knows(
            (await (await office.Pair(Leaving, code)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<PairResponse>())!);
        await office.Api(Leaving).PutAsJsonAsync(
            "restrictions", new RestrictionSet(7, [new("reports.fin-2", [new("Blue Dolphin", "Audit", null)])]));
        var browser = office.Browser();
        await office.Enter(browser, Leaving, WebPerson.Rosa());

        var released = await office.Api(Leaving).PostAsync("release", null);

        Assert.Equal(HttpStatusCode.NoContent, released.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync($"/{Leaving}/families")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await office.Api(Leaving).PostAsync("release", null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await office.Pair(Leaving, await office.PairingCodeOf(Leaving), Guid.CreateVersion7()))
            .StatusCode);
        Assert.Equal(0, (await office.Api(Leaving).GetFromJsonAsync<RestrictionSet>("restrictions"))!.Version);
    }

    [Fact]
    public async Task Nobody_who_came_via_the_portal_changes_how_the_portal_gets_in()
    {
        var browser = office.Browser();
        await office.Enter(browser, Austin, WebPerson.Rosa());

        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync($"/{Austin}/settings/enterprise-portal")).StatusCode);
        var tried = await Submit(browser, $"/{Austin}/families", $"/{Austin}/settings/enterprise-portal/staff", new()
            { ["allowed"] = $"owner@{Austin}.example" });

        Assert.Equal(HttpStatusCode.Forbidden, tried.StatusCode);
        Assert.False(
            await office.Ask<bool>($"select portal_entry from staff where account = '{Austin}' and email = 'owner@{Austin}.example'"));
    }
}
