using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Gateway;

public class OperatePageTests(GatewayService gateway) : IClassFixture<GatewayService>
{
    static readonly Person Olga = Demo.RootAdmin with { Id = Guid.CreateVersion7(), Email = "olga@portal.example", Name = "Olga" };

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_but_an_operator_gets_to_the_operators_pages_and_an_operator_gets_to_no_other()
    {
        var admin = gateway.Browser(await gateway.SignIn(Demo.RootAdmin));
        var olga = await Operator();

        foreach (var page in new[] { "/operate", "/operate/parked" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await admin.GetAsync(page, Cancel)).StatusCode);
            var stranger = await gateway.Browser().GetAsync(page, Cancel);
            Assert.Contains($"enterprise={OperatorRole.Log}", stranger.Headers.Location!.OriginalString, StringComparison.Ordinal);
        }
        foreach (var page in new[]
        {
            "/", "/family-search?name=brown", "/audit-log", "/api/search/families?name=brown", "/docs/search.json"
        })
            Assert.Equal(HttpStatusCode.Forbidden, (await olga.GetAsync(page, Cancel)).StatusCode);
        var refused = await olga.GetAsync("/", Cancel);
        Assert.Contains("Go to the operators' pages", WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync(Cancel)));
    }

    [Fact]
    public async Task What_needs_an_operator_is_said_on_top_and_a_service_that_is_silent_hides_no_other()
    {
        Answers(new ServiceState("search", "1.0", "Healthy", 3, 90, 2, 7200,
            [new(WaitingKind.SilentAccount, "bluedolphin-austin", null, "The account did not answer.")],
            [new("outbox relay", gateway.Clock.GetUtcNow(), null)]), []);
        gateway.Outbound.Answer("audit", _ => throw new HttpRequestException("connection refused"));
        var olga = await Operator();

        var state = WebUtility.HtmlDecode(await olga.GetStringAsync("/operate", Cancel));
        var accounts = WebUtility.HtmlDecode(await olga.GetStringAsync("/operate?tab=accounts", Cancel));

        Assert.Contains("search has messages that were parked over an hour ago.", state);
        Assert.Contains("search has messages in its outbox for over a minute", state);
        Assert.Contains("accounts were silent for a night.", state.Replace("One account was", "accounts were", StringComparison.Ordinal));
        Assert.Contains("audit does not answer.", state);
        Assert.Contains("3, the oldest 1 min", state);
        Assert.Contains("bluedolphin-austin", accounts);
        Assert.Contains("No answer from audit.", accounts);
    }

    [Fact]
    public async Task A_parked_message_is_explained_and_sent_back_and_none_at_all_is_said_too()
    {
        var message = new ParkedMessage(Guid.CreateVersion7(), "search-stage-chunk", "SnapshotChunk", "It was too long.",
            gateway.Clock.GetUtcNow(), 12, "{ \"account\": \"bluedolphin-austin\" }");
        HttpRequestMessage? sent = null;
        Answers(new ServiceState("search", null, "Healthy", 0, 0, 1, 60, [], []), [message], request => sent = request);
        var olga = await Operator();

        var page = WebUtility.HtmlDecode(await olga.GetStringAsync("/operate/parked", Cancel));
        olga.DefaultRequestHeaders.Add("X-CSRF", "1");
        var done = await olga.PostAsync("/operate/parked/send-back",
            new FormUrlEncodedContent([new("service", "search"), new("id", $"{message.Id}")]), Cancel);
        var mute = await olga.PostAsync("/operate/parked/discard",
            new FormUrlEncodedContent([new("service", "search"), new("id", $"{message.Id}"), new("why", " ")]), Cancel);

        Assert.Contains("SnapshotChunk", page);
        Assert.Contains("It was too long.", page);
        Assert.Contains("bluedolphin-austin", page);
        Assert.Equal("/operate/parked?done=sent&n=1", done.Headers.Location?.OriginalString);
        Assert.Equal($"/api/operate/parked/{message.Id}/send-back", sent?.RequestUri!.AbsolutePath);
        Assert.Equal(HttpStatusCode.BadRequest, mute.StatusCode);
        Answers(new ServiceState("search", null, "Healthy", 0, 0, 0, 0, [], []), []);
        Assert.Contains("Nothing is parked", await olga.GetStringAsync("/operate/parked", Cancel));
    }

    async Task<HttpClient> Operator()
    {
        if (!gateway.Others.Contains(Olga))
            gateway.Others.Add(Olga);
        gateway.TokenOf = person => person.Id != Olga.Id ? TestIdentity.TokenOf(person) : TestIdentity.Token(
            [new("sub", $"{Olga.Id}"), new("name", Olga.Name), new("email", Olga.Email), new Claim("level", "operator"),
                new("sid", $"{Guid.CreateVersion7()}")]);
        return gateway.Browser(await gateway.SignIn(Olga));
    }

    /// <summary>Every service says the same of itself; only Search has parked messages.</summary>
    void Answers(ServiceState state, ParkedMessage[] parked, Action<HttpRequestMessage>? posted = null)
    {
        foreach (var service in PortalServices.All.Where(service => service is not ("identity" or "permissions"))
            .Concat(GatewayService.PermissionsReplicas))
            gateway.Outbound.Answer(service, request =>
            {
                if (request.Method == HttpMethod.Post)
                    posted?.Invoke(request);
                return request.Method == HttpMethod.Post ? new(HttpStatusCode.NoContent) : new(HttpStatusCode.OK)
                {
                    Content = request.RequestUri!.AbsolutePath.EndsWith("/state", StringComparison.Ordinal)
                        ? JsonContent.Create(service == "search" ? state
                            : new ServiceState(service, null, "Healthy", 0, 0, 0, 0, [], []))
                        : JsonContent.Create(new Page<ParkedMessage>(service == "search" ? parked : [], null))
                };
            });
        gateway.Outbound.Answer("identity", async (request, cancel) =>
            request.RequestUri!.AbsolutePath.StartsWith("/api/operate", StringComparison.Ordinal)
                ? new(HttpStatusCode.OK)
                {
                    Content = request.RequestUri.AbsolutePath.EndsWith("/state", StringComparison.Ordinal)
                        ? JsonContent.Create(new ServiceState("identity", null, "Healthy", 0, 0, 0, 0, [], []))
                        : JsonContent.Create(new Page<ParkedMessage>([], null))
                }
                : await gateway.Identity(request, cancel));
    }
}
