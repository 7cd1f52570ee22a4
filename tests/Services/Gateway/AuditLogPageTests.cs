using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Gateway;

public class AuditLogPageTests : IClassFixture<GatewayService>
{
    readonly GatewayService gateway;
    readonly List<string> asked = [];

    public AuditLogPageTests(GatewayService gateway)
    {
        this.gateway = gateway;
        gateway.Outbound.Answer("audit", request =>
        {
            lock (asked)
                asked.Add(request.RequestUri!.PathAndQuery);
            return new(HttpStatusCode.OK)
            {
                Content = request.RequestUri!.AbsolutePath.EndsWith("/days", StringComparison.Ordinal)
                    ? JsonContent.Create(new { items = new[] { Day(0, 3), Day(2, 12) }.Reverse(), next = (string?)null })
                    : JsonContent.Create(new { items = new[] { Entry(0), Entry(1) }, next = (string?)null })
            };
        });
    }

    [Fact]
    public async Task A_click_filters_by_a_day_a_person_an_action_or_an_account_and_keeps_the_other_filters()
    {
        await gateway.Given(Demo.BlueDolphin);
        var page = await Page("?q=tampa");

        Assert.Contains("15 entries on 2 days", page);
        Assert.Contains($"href=\"/audit-log?from={Iso(2)}&to={Iso(2)}&q=tampa\"", page);
        Assert.Contains("href=\"/audit-log?action=account.entered&q=tampa\"", page);
        Assert.Contains("href=\"/audit-log?account=bluedolphin-tampa&q=tampa\"", page);
        Assert.Contains($"href=\"/audit-log?person={Demo.EastUser.Id}\"", page);
        Assert.Equal(2, page.Split("scope=\"rowgroup\"").Length - 1);
    }

    [Fact]
    public async Task What_is_often_asked_for_is_one_click_and_taken_back_by_another()
    {
        var page = await Page("");
        Assert.Contains($"href=\"/audit-log?from={Iso(0)}&to={Iso(0)}\"", page);
        Assert.Matches("href=\"/audit-log[?]action=signed-in(,|%2C)signed-out(,|%2C)sign-in(,|%2C)session\"", page);
        Assert.Contains("<option value=\"report.viewed\">Report viewed</option>", page);
        Assert.Contains("<option value=\"report,schedule\">All of Reports</option>", page);

        var chosen = await Page("?action=permission");
        Assert.Contains("<a href=\"/audit-log\" aria-current=\"true\">Permission changes</a>", chosen);
        Assert.Contains("<option value=\"permission\" selected", chosen);
        // The words of an account are none that the portal offers.
        Assert.Contains("<option value=\"inside.viewed-family\" selected>Viewed family</option>",
            await Page("?action=inside.viewed-family"));
    }

    [Fact]
    public async Task Around_a_single_day_thirty_are_drawn_so_that_another_can_be_chosen()
    {
        await Page($"?from={Iso(2)}&to={Iso(2)}");

        Assert.Contains(asked, call => call == $"/api/audit/days?from={Iso(29)}&to={Iso(0)}");
        Assert.Contains(asked, call => call == $"/api/audit?from={Iso(2)}&to={Iso(2)}");
    }

    async Task<string> Page(string query) => WebUtility.HtmlDecode(await gateway.Browser(await gateway.SignIn(Demo.RootAdmin))
        .GetStringAsync($"/audit-log{query}", TestContext.Current.CancellationToken));

    string Iso(int daysAgo) => gateway.Clock.GetUtcNow().AddDays(-daysAgo).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    object Day(int daysAgo, int entries) => new { day = Iso(daysAgo), entries };

    object Entry(int daysAgo) => new
    {
        id = Guid.CreateVersion7(), at = gateway.Clock.GetUtcNow().AddDays(-daysAgo), person = "Emil User", personId = Demo.EastUser.Id,
        personEmail = Demo.EastUser.Email, level = "user", group = "East", groupId = Demo.EastId, action = "account.entered",
        subject = "Tampa", account = "bluedolphin-tampa", source = "Accounts", ip = "203.0.113.7", details = (object?)null
    };
}
