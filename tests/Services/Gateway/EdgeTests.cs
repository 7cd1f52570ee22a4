using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Gateway;

public class EdgeTests(GatewayService gateway) : IClassFixture<GatewayService>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_changes_something_on_the_cookie_shows_that_our_own_page_sent_it()
    {
        var browser = gateway.Browser(await gateway.SignIn(Demo.RootAdmin));

        Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostAsJsonAsync("/api/sync/runs", new { }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostAsync("/sign-out", null, Cancel)).StatusCode);
        browser.DefaultRequestHeaders.Add("X-CSRF", "1");
        Assert.Equal(HttpStatusCode.OK, (await browser.PostAsJsonAsync("/api/sync/runs", new { }, Cancel)).StatusCode);
        Assert.StartsWith(TestIdentity.Issuer + "connect/endsession?",
            (await browser.PostAsync("/sign-out", null, Cancel)).Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/accounts", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_bearer_token_passes_through_and_opens_no_page()
    {
        var program = gateway.Bearing("somebody's");

        var reached = await program.PostAsJsonAsync("/api/sync/runs", new { }, Cancel);

        Assert.Equal("Bearer somebody's", (await reached.Content.ReadFromJsonAsync<SessionTests.Reached>(Cancel))!.Authorization);
        Assert.Equal(HttpStatusCode.Redirect, (await program.GetAsync("/accounts", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await program.GetAsync("/open/bluedolphin-austin", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await program.GetAsync("/api/nothing", Cancel)).StatusCode);
    }

    [Theory]
    // What only reads is asked again, what changes something only where it cannot have arrived.
    [InlineData("GET", HttpRequestError.ConnectionError, HttpStatusCode.OK),
        InlineData("GET", HttpRequestError.ResponseEnded, HttpStatusCode.OK)]
    [InlineData("POST", HttpRequestError.ConnectionError, HttpStatusCode.OK),
        InlineData("POST", HttpRequestError.ResponseEnded, HttpStatusCode.BadGateway)]
    public async Task Nobody_notices_a_replica_that_has_just_died_and_nothing_is_done_twice(
        string method, HttpRequestError how, HttpStatusCode expected)
    {
        var (asked, dead) = (0, GatewayService.PermissionsReplicas[0]);
        gateway.Outbound.Answer(dead, _ => { Interlocked.Increment(ref asked); throw new HttpRequestException(how, "It is dead."); });
        gateway.Outbound.Answer(GatewayService.PermissionsReplicas[1], GatewayService.Echo);
        var program = gateway.Bearing("somebody's");
        var statuses = new List<HttpStatusCode>();

        // The balance is random, and one that died a moment ago (in the case before) is left alone for 5 s.
        for (var turn = 0; turn < 400 && asked == 0; await Task.Delay(25, Cancel), turn++)
            statuses.Add(
                (await program.SendAsync(new(new(method), "/api/permissions/preview")
                { Content = method == "POST" ? JsonContent.Create(new { }) : null }, Cancel)).StatusCode);

        Assert.Equal(1, asked);
        Assert.Equal(expected, statuses[^1]);
        Assert.All(statuses.SkipLast(1), status => Assert.Equal(HttpStatusCode.OK, status));
    }

    [Theory]
    [InlineData("https://evil.example/"), InlineData("//evil.example"), InlineData("/%5Cevil.example"), InlineData("/%09/evil.example"),
        InlineData("javascript:alert(1)"), InlineData("/x/..//evil.example")]
    public async Task Nobody_is_led_elsewhere_after_signing_in(string returnUrl)
    {
        var answer = await gateway.Browser().GetAsync($"/sign-in?provider=google&returnUrl={returnUrl}", Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("href=\"/sign-in?provider=google\"", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task A_person_comes_back_to_a_page_whose_address_has_any_letter()
    {
        var browser = gateway.Browser(
            await gateway.SignIn(Demo.EastUser, page: "/sign-in?returnUrl=%2Faccounts%3Fq%3DZo%C3%AB", back: "/accounts?q=Zo%C3%AB"));
        browser.DefaultRequestHeaders.Add("X-CSRF", "1");

        using var form = new FormUrlEncodedContent([new("theme", "dark"), new("returnUrl", "/é")]);
        var chosen = await browser.PostAsync("/appearance", form, Cancel);

        Assert.Equal("/%C3%A9", chosen.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Where_a_service_refuses_a_person_gets_a_page_with_its_words_and_a_program_problem_details()
    {
        const string Words = "The portal opens /families only.";
        gateway.Outbound.Answer("accounts", _ => new(HttpStatusCode.BadRequest)
        {
            Content = JsonContent.Create(new { title = "Bad Request", status = 400, errors = new { to = new[] { Words } } },
                new MediaTypeHeaderValue("application/problem+json"))
        });
        var cookie = await gateway.SignIn(Demo.RootAdmin);

        var page = await gateway.Browser(cookie).GetAsync("/open/bluedolphin-austin?to=/evil", Cancel);
        var program = gateway.Browser(cookie);
        program.DefaultRequestHeaders.Remove("Accept");
        var problem = await program.GetAsync("/open/bluedolphin-austin?to=/evil", Cancel);

        Assert.Equal((HttpStatusCode.BadRequest, "text/html"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));
        Assert.Contains($">{Words}<", await page.Content.ReadAsStringAsync(Cancel));
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"),
            (problem.StatusCode, problem.Content.Headers.ContentType?.MediaType));
    }

    [Theory]
    [InlineData("/sign-in"), InlineData("/sign-in/refused?reason=unknown"), InlineData("/signed-out"), InlineData("/accounts"),
        InlineData("/family-search"),
     InlineData("/audit-log"), InlineData("/nowhere"), InlineData("/api/accounts"), InlineData("/api/nothing"), InlineData("/portal.css")]
    public async Task Every_answer_carries_the_security_headers(string address)
    {
        var answer = await gateway.Browser(await gateway.SignIn(Demo.RootUser)).GetAsync(address, Cancel);

        string Header(string name) => string.Join(", ", answer.Headers.TryGetValues(name, out var values) ? values : []);
        Assert.Contains("script-src 'self';", Header("Content-Security-Policy"));
        Assert.Contains("frame-ancestors 'none'", Header("Content-Security-Policy"));
        Assert.Equal(("nosniff", "same-origin"), (Header("X-Content-Type-Options"), Header("Referrer-Policy")));
    }

    [Fact]
    public async Task Search_terms_reach_no_log_even_when_a_search_fails()
    {
        gateway.Outbound.Answer("search", _ => throw new HttpRequestException("The connection broke."));
        var browser = gateway.Browser(await gateway.SignIn(Demo.RootUser));

        foreach (var address in new[] { "/family-search", "/api/search/families", "/open/bluedolphin-austin", "/sign-in", "/nowhere" })
            await browser.GetAsync($"{address}?name=Sekretnik", Cancel);
        await gateway.Browser().GetAsync("/accounts?name=Sekretnik", Cancel);

        Assert.NotEmpty(gateway.Logged);
        Assert.DoesNotContain(gateway.Logged, line => line.Contains("Sekretnik", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_callers_number_never_leaves_as_a_referrer()
    {
        var answer = await gateway.Browser().GetAsync("/phone-search-link/+15125550101/", Cancel);

        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
    }
}
