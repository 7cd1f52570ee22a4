using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Gateway;

public partial class PhoneLinkTests : IClassFixture<GatewayService>
{
    const string Number = "+15125550177";
    readonly GatewayService gateway;
    readonly List<string> asked = [];
    object caller = Caller();

    public PhoneLinkTests(GatewayService gateway)
    {
        this.gateway = gateway;
        gateway.Outbound.Answer("search", async (request, cancel) =>
        {
            var path = request.RequestUri!.AbsolutePath;
            lock (asked)
                asked.Add(path);
            if (path.StartsWith("/api/search/phone/", StringComparison.Ordinal))
                return caller as HttpResponseMessage ?? Json(caller);
            await Task.Delay(100, cancel); // The list is there before the first check has come back.
            return Json(new { active = path.EndsWith("active", StringComparison.Ordinal) });
        });
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/phone-search-link/+15125550177")]
    [InlineData("/phone-search-link/+15125550177/")]
    [InlineData("/enterprise-portal/phone-search-link/+15125550177")]
    [InlineData("/enterprise-portal/phone-search-link/+15125550177/")]
    [InlineData("/phone-search-link/%2B1 (512) 555-0177/")]
    [InlineData("/phone-search-link/512/555/0177")]
    [InlineData("/phone-search-link/512.555.0177")]
    [InlineData("/phone-search-link/tel:512-555-0177;ext=7/")]
    public async Task A_caller_whom_one_account_knows_opens_FAMILIES_there(string link)
    {
        caller = Caller(Match("bluedolphin-austin"));

        var answer = await Open(link);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.EndsWith("/open/bluedolphin-austin?to=%2Ffamilies&phone=%2B15125550177", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Several_accounts_are_listed_and_then_marked_where_the_family_is_enrolled()
    {
        caller = Caller(Match("bluedolphin-austin", "a-active"), Match("bluedolphin-denver", "d-dropped"),
            Match("bluedolphin-boston", "b-active"));

        var (status, page) = await Read($"/phone-search-link/{Number}/");

        Assert.Equal(HttpStatusCode.OK, status);
        var (atOnce, later) =
            (page[..page.IndexOf("</html>", StringComparison.Ordinal)], page[page.IndexOf("</html>", StringComparison.Ordinal)..]);
        Assert.Equal(["bluedolphin-austin", "bluedolphin-denver", "bluedolphin-boston"],
            Accounts().Matches(atOnce).Select(match => match.Groups[1].Value));
        Assert.DoesNotContain("data-account", later);
        Assert.DoesNotContain("Active enrollment", atOnce);
        Assert.Contains("<span class=\"pill good\">Active enrollment</span>", later);
        Assert.Contains("<span class=\"pill\">Not enrolled</span>", later);
        Assert.Contains("2 families have an active enrollment.", later);
    }

    [Fact]
    public async Task Who_is_enrolled_comes_first_and_each_family_says_what_tells_it_apart()
    {
        gateway.Outbound.Answer("accounts", request => Json(new
        {
            code = request.RequestUri!.Segments[^1], locations = new[] { new { name = "Main", city = "Boston", state = "MA" } }
        }));
        caller = Caller(Match("bluedolphin-austin"), new
        {
            account = "bluedolphin-boston", accountName = "bluedolphin-boston", e164 = Number, source = "live", families = new[]
            {
                new
                {
                    familyId = "b-active", name = "Smith, Mary", guardians = new[] { "Mary Smith", "John Smith" },
                    emailEnding = "…mith@home.example", wasActive = true
                }
            }
        });

        var (_, page) = await Read($"/phone-search-link/{Number}/");

        Assert.Equal(["bluedolphin-boston", "bluedolphin-austin"], Accounts().Matches(page).Select(match => match.Groups[1].Value).Take(2));
        Assert.Contains("with John Smith · …mith@home.example", page);
        Assert.Contains("Boston, MA", page);
        Assert.Contains("data-nth=\"1\"", page);
    }

    [Fact]
    public async Task Where_an_account_does_not_answer_nobody_is_taken_into_it_and_it_is_named()
    {
        await gateway.Given(Demo.BlueDolphin);
        caller = Caller(["bluedolphin-denver", "bluedolphin-tampa"], Match("bluedolphin-denver", source: "index"));

        var (status, page) = await Read($"/phone-search-link/{Number}/");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("bluedolphin-denver", Accounts().Match(page).Groups[1].Value);
        Assert.Contains("bluedolphin-denver, bluedolphin-tampa did not answer.", page);
        Assert.Contains("3 h ago", page);
        Assert.DoesNotContain(asked, path => path.Contains("/enrollment/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_caller_whom_nobody_knows_is_a_number_to_read_out_and_the_way_to_Family_Search()
    {
        var (status, page) = await Read($"/phone-search-link/{Number}/");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("No match.", page);
        Assert.Contains("<h1>(512) 555-0177</h1>", page);
        Assert.Contains("href=\"/family-search?phone=(512)%20555-0177\"", page);
    }

    [Theory]
    [InlineData("anonymous"), InlineData("")]
    public async Task What_is_no_number_is_a_page_that_says_so(string phone)
    {
        caller = new HttpResponseMessage(HttpStatusCode.BadRequest)
        {
            Content = JsonContent.Create(new { status = 400, errors = new { phone = new[] { "This is not a phone number." } } },
                new MediaTypeHeaderValue("application/problem+json"))
        };

        var (status, page) = await Read($"/phone-search-link/{phone}");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("This is not a phone number.", page);
    }

    [Fact]
    public async Task Signed_out_first_the_number_is_readable_nowhere_on_the_way_and_the_caller_comes_up_afterwards()
    {
        var link = $"/phone-search-link/{Number}/";
        var signIn = (await gateway.Browser().GetAsync(link, Cancel)).Headers.Location!.OriginalString;
        var page = await (await gateway.Browser().GetAsync(signIn, Cancel)).Content.ReadAsStringAsync(Cancel);
        var away = (await gateway.Browser().GetAsync($"{signIn}&provider=google", Cancel)).Headers.Location!.OriginalString;

        Assert.StartsWith("/sign-in?returnUrl=~", signIn);
        Assert.Contains(signIn.Split('?')[1], page);
        foreach (var text in (string[])[signIn, page, away])
            Assert.DoesNotContain("5550177", text);
        await gateway.SignIn(Demo.RootUser, page: signIn, back: link);
    }

    [Fact]
    public async Task The_number_is_in_no_log_line()
    {
        foreach (var answer in (object[])[Caller(), Caller(Match("bluedolphin-austin")),
            new HttpResponseMessage(HttpStatusCode.InternalServerError), "no JSON"])
        {
            caller = answer;
            await Open($"/phone-search-link/{Number}/");
            await gateway.Bearing("a token").GetAsync($"/api/search/phone/{Number}", Cancel);
        }
        gateway.Outbound.Answer("search", _ => throw new HttpRequestException("The connection broke."));
        await Open($"/phone-search-link/{Number}/");
        await gateway.Browser().GetAsync($"/phone-search-link/{Number}/", Cancel);

        Assert.NotEmpty(gateway.Logged);
        Assert.DoesNotContain(gateway.Logged, line => line.Contains("5550177", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_telephony_administrator_finds_the_address_and_the_last_lookups()
    {
        var lookup = new { at = gateway.Clock.GetUtcNow(), phone = "•••0177", outcome = "One account", milliseconds = 1042 };
        var hour = new { hour = gateway.Clock.GetUtcNow(), lookups = 3, milliseconds = 400, slowest = 1042 };
        gateway.Outbound.Answer("search", request => request.RequestUri!.AbsolutePath.EndsWith("/hours", StringComparison.Ordinal)
            ? Json(new { items = new[] { hour } }) : Json(new { items = new[] { lookup } }));

        var (status, page) = await Read("/help/telephony");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains($"value=\"{TestIdentity.Issuer}phone-search-link/{{number}}/\"", page);
        Assert.Contains("1,042 ms", page);
        Assert.Contains("<b class=\"number\">400 ms</b> on average", page);
        Assert.EndsWith("/phone-search-link/512%20555/", (await Open("/help/telephony?phone=512 555")).Headers.Location?.OriginalString);
    }

    async Task<HttpResponseMessage> Open(string address) =>
        await gateway.Browser(await gateway.SignIn(Demo.RootUser)).GetAsync(address, Cancel);

    async Task<(HttpStatusCode, string)> Read(string address)
    {
        var answer = await Open(address);
        return (answer.StatusCode, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancel)));
    }

    static object Caller(params object[] matches) => Caller([], matches);

    static object Caller(string[] unanswered, params object[] matches) =>
        new { phone = Number, number = "(512) 555-0177", matches, unanswered };

    object Match(string account, string family = "f-active", string source = "live") => new
    {
        account, accountName = account, e164 = Number, families = new[]
        {
            new { familyId = family, name = "Smith, Mary", active = (bool?)null }
        },
        source, asOf = source == "live" ? (DateTimeOffset?)null : gateway.Clock.GetUtcNow().AddHours(-3.5)
    };

    static HttpResponseMessage Json(object answer) => new(HttpStatusCode.OK) { Content = JsonContent.Create(answer) };

    [GeneratedRegex("data-account=\"([^\"]+)\"")]
    private static partial Regex Accounts();
}
