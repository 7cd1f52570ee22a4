using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Gateway;

public class PaletteTests(GatewayService gateway) : IClassFixture<GatewayService>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_palette_offers_what_a_persons_level_permits_and_says_as_whom_they_enter()
    {
        gateway.Outbound.Answer("accounts", _ => Accounts(
            Account("bluedolphin-austin", ok: true, problem: null), Account("bluedolphin-fresno", ok: false, problem: "missing")));

        var admin = await Palette(await gateway.SignIn(Demo.RootAdmin));
        var user = await Palette(await gateway.SignIn(Demo.WestUser));

        foreach (var palette in new[] { admin, user })
        {
            Assert.Contains("href=\"/open/bluedolphin-austin\" target=\"_blank\"", palette);
            Assert.Contains("as portal@bluedolphin.example", palette);
            Assert.Contains("href=\"/generated-reports/new?report=FIN-2\"", palette);
            Assert.Contains("data-with=\"/family-search?q=\"", palette);
        }
        foreach (var page in new[] { "/permissions", "/groups", "/users", "/users?q=" })
        {
            Assert.Contains($"=\"{page}\"", admin);
            Assert.DoesNotContain($"=\"{page}\"", user);
        }
    }

    [Fact]
    public async Task Where_accounts_are_silent_the_rest_of_the_palette_is_there()
    {
        gateway.Outbound.Answer("accounts", _ => throw new HttpRequestException("The connection broke."));

        var palette = await Palette(await gateway.SignIn(Demo.RootUser));

        Assert.Contains("Accounts is not answering right now.", palette);
        Assert.Contains("href=\"/family-search\"", palette);
    }

    [Fact]
    public async Task What_is_typed_in_the_header_searches_by_its_look()
    {
        string? asked = null;
        gateway.Outbound.Answer("search", request =>
        {
            asked = request.RequestUri!.Query;
            return new(HttpStatusCode.OK)
            {
                Content = JsonContent.Create(new
                {
                    total = 0, totalIsCapped = false, families = Array.Empty<object>(), accounts = Array.Empty<object>(), moreAccounts = 0,
                    near = Array.Empty<object>()
                })
            };
        });
        var browser = gateway.Browser(await gateway.SignIn(Demo.RootUser));

        var page = await browser.GetStringAsync("/family-search?q=holloway+5550102", Cancel);

        Assert.Equal("?name=holloway&phone=5550102", asked);
        Assert.Contains("name=\"name\" value=\"holloway\"", page);
        Assert.DoesNotMatch("<input[^>]* autofocus", page);
        Assert.Matches("<input[^>]* name=\"name\"[^>]* autofocus", await browser.GetStringAsync("/family-search", Cancel));
    }

    [Fact]
    public async Task The_palette_is_for_people_with_a_session() =>
        Assert.Equal(HttpStatusCode.Redirect, (await gateway.Browser().GetAsync("/palette", Cancel)).StatusCode);

    Task<string> Palette(string cookie) => gateway.Browser(cookie).GetStringAsync("/palette", Cancel);

    static HttpResponseMessage Accounts(params object[] items) =>
        new(HttpStatusCode.OK) { Content = JsonContent.Create(new { items, next = (string?)null }) };

    static object Account(string code, bool ok, string? problem) => new
    {
        code, name = code, owner = "Dana", contact = new { name = "Dana", email = "dana@example.com", phone = "+15125550190" },
        locations = new[] { new { name = "Main", city = "Austin", state = "TX" } }, groups = Array.Empty<object>(), status = "active",
        timeZone = "America/Chicago", country = "US", baseUrl = "http://office.example",
        entry = new { @as = "portal@bluedolphin.example", ok, problem }, lastSync = (DateTimeOffset?)null, favourite = false
    };
}
