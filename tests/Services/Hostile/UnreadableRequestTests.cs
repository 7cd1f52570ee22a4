using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EnterprisePortal.Tests.OfficePortal;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EnterprisePortal.Tests.Hostile;

/// <summary>What <see cref="HostileRequestTests"/> tries at random, said one by one: who sends what is refused how.</summary>
[Collection(nameof(WholePortal))]
public sealed class UnreadableRequestTests(WholePortal portal)
{
    const string Form = "application/x-www-form-urlencoded", Nobody = "0197a1b2-0000-7000-8000-000000000000",
        ForNobody = """{"permission":"reports.fin-2","groups":[]}""";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    async Task<HttpResponseMessage> Send(string host, string method, string path, string? body = null,
        string contentType = "application/json", bool signedIn = true, string accept = "application/json")
    {
        var request = new HttpRequestMessage(new(method), path) { Headers = { { "X-CSRF", "1" }, { "Accept", accept } } };
        if (host == "gateway")
            portal.Client(host, signedIn).DefaultRequestHeaders.Remove("Accept");
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }
        return await portal.Client(host, signedIn).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
    }

    [Theory]
    [InlineData("accounts", "/api/groups"),
     InlineData("identity", "/api/users"),
     InlineData("reports", "/api/reports/runs"),
     InlineData("search", "/api/validation/levels/dismissals"),
     InlineData("sync", "/api/sync/runs"),
     InlineData("permissions", $"/api/permissions/groups/{Nobody}/preview"),
     InlineData("gateway", "/api/groups"),
     InlineData("office", $"/{WebOffice.Austin}/enterprise/pair"),
     InlineData("office-api", $"/{WebOffice.Austin}/api/enterprise/v1/restrictions/preview")]
    public async Task A_body_in_letters_that_nobody_can_read_is_refused_to_everybody(string host, string path)
    {
        foreach (var charset in new[] { "nonsense", "utf-7" })
            foreach (var signedIn in new[] { true, false })
            {
                var answer = await Send(host, "POST", path, "{}", $"application/json; charset={charset}", signedIn);

                Assert.Equal((HttpStatusCode.UnsupportedMediaType, "application/problem+json"),
                    (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
            }
    }

    [Theory]
    [InlineData("{}", "application/json", HttpStatusCode.UnsupportedMediaType),
     InlineData("theme=dark", "text/plain", HttpStatusCode.UnsupportedMediaType),
     InlineData("theme=%00", Form, HttpStatusCode.BadRequest),
     InlineData("--x\r\nContent-Disposition: form-data; name=\"theme\"\r\n\r\na\0b\r\n--x--\r\n", "multipart/form-data; boundary=x",
         HttpStatusCode.BadRequest),
     InlineData("--x\r\nContent-Disposition: form-data; name=\"theme\"\r\n\r\ndark", "multipart/form-data; boundary=x",
         HttpStatusCode.BadRequest),
     InlineData("x",
         "multipart/form-data; boundary=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
         + "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", HttpStatusCode.BadRequest)]
    public async Task A_body_that_is_no_form_is_refused_with_a_page_to_people_and_problem_details_to_programs(
        string body, string contentType, HttpStatusCode expected)
    {
        foreach (var path in new[] { "/appearance", "/sync/now", "/accounts/star", $"/generated-reports/{Nobody}/cancel" })
        {
            var page = await Send("gateway", "POST", path, body, contentType, accept: "text/html");
            var problem = await Send("gateway", "POST", path, body, contentType);

            Assert.Equal((expected, "text/html"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));
            Assert.DoesNotContain("It was noted", await page.Content.ReadAsStringAsync(Cancel));
            Assert.Equal((expected, "application/problem+json"), (problem.StatusCode, problem.Content.Headers.ContentType?.MediaType));
        }
    }

    [Fact]
    public async Task A_proxy_that_names_no_protocol_of_the_web_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/connect/authorize?client_id=x")
        {
            Headers = { { "X-Forwarded-Proto", "gopher" } }
        };

        using var answer = await portal.Client("identity", signedIn: false).SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_person_whose_form_is_in_letters_that_nobody_can_read_gets_a_page()
    {
        var answer = await Send("gateway", "POST", "/appearance", "theme=dark", $"{Form}; charset=nonsense", accept: "text/html");

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "text/html"),
            (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task A_pages_form_without_its_token_is_answered_with_a_page()
    {
        var answer = await Send("gateway", "POST", "/groups/new", "name=South", Form, accept: "text/html");

        Assert.Equal((HttpStatusCode.BadRequest, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.DoesNotContain("antiforgery", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/validation/nonsense/live"),
     InlineData($"/generated-reports/{Nobody}/live"),
     InlineData($"/permissions/live?group={Nobody}")]
    public async Task Nobody_can_follow_what_is_not_there(string stream) =>
        Assert.Equal(HttpStatusCode.NotFound, (await Send("gateway", "GET", stream)).StatusCode);

    [Theory]
    [InlineData("/accounts?group=x"),
     InlineData("/users?group=5551234567"),
     InlineData("/sync?of=5551239999&nothing=x"),
     InlineData("/phone-search-link/5125550100/?checks=5551237777"),
     InlineData("/audit-log?verify=x")]
    public async Task A_mistyped_address_is_still_a_page(string address) =>
        Assert.Equal(HttpStatusCode.OK, (await Send("gateway", "GET", address, accept: "text/html")).StatusCode);

    [Theory]
    [InlineData("/api/me/sessions/"), InlineData($"/api/users/{Nobody}/sessions/"), InlineData($"/api/users/{Nobody}/")]
    public async Task A_program_that_lost_an_id_does_not_end_everything(string path)
    {
        Assert.Equal(HttpStatusCode.NotFound, (await Send("identity", "DELETE", path)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Send("gateway", "DELETE", path)).StatusCode);
    }

    [Theory]
    [InlineData("{}"), InlineData("""{"permissions":[null]}""")]
    public async Task An_account_that_is_asked_about_nothing_says_so(string body) =>
        Assert.Equal(HttpStatusCode.BadRequest,
            (await Send("office-api", "POST", $"/{WebOffice.Austin}/api/enterprise/v1/restrictions/preview", body)).StatusCode);

    [Theory]
    [InlineData("{}"),
     InlineData("""{"version":99,"restrictions":null}"""),
     InlineData("""{"version":99,"restrictions":[{"permission":"reports.fin-2"}]}"""),
     InlineData($$"""{"version":99,"restrictions":[{{ForNobody}},{{ForNobody}}]}""")]
    public async Task An_account_takes_no_half_set_of_restrictions(string body) =>
        Assert.Equal(HttpStatusCode.BadRequest,
            (await Send("office-api", "PUT", $"/{WebOffice.Austin}/api/enterprise/v1/restrictions", body)).StatusCode);

    [Theory]
    [InlineData("accounts", "POST", "/api/groups", """{"name":"South","parentId":"0197a1b2-0000-7000-8000-000000000000"}"""),
     InlineData("accounts", "PATCH", "/api/accounts/bluedolphin-austin", """{"name":"South"}"""),
     InlineData("identity", "POST", "/api/users",
         $$"""{"email":"a@b.example","name":"South","level":"user","group":"{{Nobody}}","provider":"google"}"""),
     InlineData("identity", "PATCH", $"/api/users/{Nobody}", """{"name":"South"}"""),
     InlineData("identity", "POST", "/api/me/tokens", """{"name":"South","scopes":["feed:names"],"days":30}""")]
    public async Task Nobody_can_store_a_name_that_reverses_the_line_it_is_in(string host, string method, string path, string body)
    {
        foreach (var odd in new[] { "\\u202E", "\\u2066", "\\u0007", "\\n" })
        {
            var answer = await Send(host, method, path, body.Replace("South", $"So{odd}uth"));

            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains("\"name\":", (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("errors").GetRawText());
        }
    }

    [Fact]
    public void No_answer_names_the_server() =>
        Assert.All(portal.Processes, process =>
            Assert.False(process.GetRequiredService<IOptions<KestrelServerOptions>>().Value.AddServerHeader));
}
