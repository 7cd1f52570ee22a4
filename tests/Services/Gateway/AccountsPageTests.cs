using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Gateway;

public class AccountsPageTests(GatewayService gateway) : IClassFixture<GatewayService>
{
    [Fact]
    public async Task Many_accounts_are_pages_of_fifty_and_an_address_beyond_them_is_the_last()
    {
        gateway.Outbound.Answer("accounts", request => new(HttpStatusCode.OK)
        {
            Content = JsonContent.Create(new
            {
                items = request.RequestUri!.AbsolutePath.EndsWith("/accounts", StringComparison.Ordinal)
                    ? Enumerable.Range(1, 120).Select(Account) : [],
                next = (string?)null
            })
        });
        gateway.Outbound.Answer("sync", _ =>
            new(HttpStatusCode.OK) { Content = JsonContent.Create(new { items = Array.Empty<object>(), next = (string?)null }) });
        var browser = gateway.Browser(await gateway.SignIn(Demo.RootAdmin));

        var first = await Page("/accounts");
        Assert.Contains("120 accounts", first);
        Assert.Contains("1–50 of 120", first);
        Assert.Contains("Account 050<", first);
        Assert.DoesNotContain("Account 051<", first);
        Assert.Contains("href=\"/open/account-1\"", first);

        var second = await Page("/accounts?sort=-name&page=2");
        Assert.Contains("Account 070<", second);
        Assert.DoesNotContain("Account 071<", second);

        Assert.Contains("101–120 of 120", await Page("/accounts?page=99"));
        Assert.Contains("1–50 of 120", await Page("/accounts?page=none"));

        Task<string> Page(string address) => browser.GetStringAsync(address, TestContext.Current.CancellationToken);
    }

    static object Account(int number) => new
    {
        code = $"account-{number}", name = $"Account {number:000}", owner = "Dana",
        contact = new { name = "Dana", email = "dana@example.com", phone = "+15125550190" },
        locations = new[] { new { name = "Main", city = "Austin", state = "TX" }, new { name = "North", city = "Austin", state = "TX" } },
        groups = Array.Empty<object>(), status = "active", timeZone = "America/Chicago", country = "US", baseUrl = "http://office.example",
        entry = new { @as = "portal@bluedolphin.example", ok = true, problem = (string?)null }, lastSync = (DateTimeOffset?)null,
        favourite = false
    };
}
