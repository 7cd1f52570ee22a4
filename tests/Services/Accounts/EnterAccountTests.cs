using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.Contracts.Http;

namespace EnterprisePortal.Tests.Accounts;

public class EnterAccountTests(AccountsService accounts) : IClassFixture<AccountsService>
{
    [Theory]
    [InlineData("", "/")]
    [InlineData("?to=/families", "/families")]
    [InlineData("?phone=%2B15125550101&to=/families&name=a%26b", "/families?phone=%2B15125550101&name=a%26b")]
    [InlineData("?to=/background-tasks/42", "/background-tasks/42")]
    [InlineData("?to=/settings/charge-categories", "/settings/charge-categories")]
    public async Task The_key_leads_to_the_accounts_own_sign_in(string query, string page)
    {
        var answer = await accounts.SignedInAs(accounts.EastUser).GetAsync($"/open/bluedolphin-boston{query}");

        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        const string Boston = "http://office.example/bluedolphin-boston";
        Assert.Equal(
            $"{Boston}/enterprise/sign-in?iss=http%3A%2F%2Flocalhost%3A8080%2F&target_link_uri={Uri.EscapeDataString(Boston + page)}",
            answer.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/families/../../other")]
    [InlineData("/settings/users")]
    [InlineData("/background-tasks/1%0A")]
    [InlineData("https://evil.example/families")]
    [InlineData("/families&to=/staff")]
    public async Task It_leads_nowhere_else(string to) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await accounts.SignedInAs(accounts.EastUser).GetAsync($"/open/bluedolphin-boston?to={to}"))
            .StatusCode);

    [Fact]
    public async Task A_key_to_an_account_that_does_not_answer_says_so_instead_of_sending_the_browser_nowhere()
    {
        accounts.Down.Add("bluedolphin-albany");

        var answer = await accounts.SignedInAs(accounts.EastUser).GetAsync("/open/bluedolphin-albany?to=/families");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("Name of bluedolphin-albany cannot be entered", await answer.Content.ReadAsStringAsync());
        accounts.Down.Remove("bluedolphin-albany");
    }

    [Fact]
    public async Task Another_enterprises_account_is_not_there_in_any_call()
    {
        foreach (var person in new[] { accounts.TumbleAdmin, accounts.TumbleUser })
        {
            var other = accounts.SignedInAs(person);
            foreach (var code in new[] { "bluedolphin-austin", "no-such-account" })
            {
                Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/api/accounts/{code}")).StatusCode);
                Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/open/{code}?to=/families")).StatusCode);
                if (!person.IsAdmin)
                    continue;
                Assert.Equal(HttpStatusCode.NotFound, (await other.PatchAsJsonAsync($"/api/accounts/{code}", new { name = "Mine" }))
                    .StatusCode);
                Assert.Equal(HttpStatusCode.NotFound, (await other.PutAsync($"/api/groups/{person.GroupId}/accounts/{code}", null))
                    .StatusCode);
                Assert.Equal(HttpStatusCode.NotFound, (await other.DeleteAsync($"/api/groups/{person.GroupId}/accounts/{code}"))
                    .StatusCode);
            }
        }
    }

    [Fact]
    public async Task A_suspended_account_stays_in_the_list_but_cannot_be_entered()
    {
        var admin = accounts.SignedInAs(accounts.RootAdmin);

        var edited = await (await admin.PatchAsJsonAsync("/api/accounts/bluedolphin-fresno",
            new { status = "suspended", contact = new { name = "Ann", email = "ann@fresno.example", phone = "" } }))
                .Content.ReadFromJsonAsync<AccountItem>();

        Assert.Equal(("suspended", "Ann", "Name of bluedolphin-fresno", new EntryState("portal-admin@bluedolphin.example", false,
            "suspended")), (edited!.Status, edited.Contact.Name, edited.Name, edited.Entry));
        var refused = await admin.GetAsync("/open/bluedolphin-fresno");
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("This account is suspended in the portal.", await refused.Content.ReadAsStringAsync());
        Assert.Equal("bluedolphin-fresno", (await accounts.Published<ActivityRecorded>(it => it.Action == "account.suspended")).Account);
        foreach (var bad in new object[]
        {
            new { status = "gone" },
            new { timeZone = "Mars/Olympus" },
            new { country = "USA" },
            new { name = "" }
        })
            Assert.Equal(HttpStatusCode.BadRequest, (await admin.PatchAsJsonAsync("/api/accounts/bluedolphin-fresno", bad)).StatusCode);
    }
}
