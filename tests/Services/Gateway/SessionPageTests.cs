using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Gateway;

public class SessionPageTests(GatewayService gateway) : IClassFixture<GatewayService>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_that_a_session_went_into_is_a_word_apart_from_its_state()
    {
        gateway.Outbound.Answer("identity", async (request, cancel) => request.RequestUri!.AbsolutePath != "/api/me/sessions"
            ? await gateway.Identity(request, cancel)
            : new(HttpStatusCode.OK) { Content = JsonContent.Create(new { items = new[] { Session() }, next = (string?)null }) });

        var page = await gateway.Browser(await gateway.SignIn(Demo.RootUser)).GetStringAsync("/sessions", Cancel);

        Assert.Contains("tumbletime-omaha </span><span class=\"pill good\">Open</span>", page);
    }

    object Session() => new
    {
        id = Guid.CreateVersion7(), provider = "google", device = "Firefox", ip = "192.0.2.1",
        started = gateway.Clock.GetUtcNow(), lastSeen = gateway.Clock.GetUtcNow(), endedAt = (DateTimeOffset?)null, current = true,
        accounts = new[]
        {
            new
            {
                account = "tumbletime-omaha", openSince = gateway.Clock.GetUtcNow(), leaving = false,
                endedConfirmedAt = (DateTimeOffset?)null
            }
        }
    };
}
