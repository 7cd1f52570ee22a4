using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Gateway;

public class PermissionsPageTests(GatewayService gateway) : IClassFixture<GatewayService>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_override_that_is_over_reads_as_ended_in_the_list_and_in_History()
    {
        foreach (var replica in GatewayService.PermissionsReplicas)
            gateway.Outbound.Answer(replica, request => Json(request.RequestUri!.AbsolutePath.Split('/')[^1] switch
            {
                "catalogue" => new { sections = new[] { new { name = "Reports", permissions = new[] { Permission() } } } },
                "history" => new[] { Change("ended", "The calendar"), Change("removed", "Rosa Admin") },
                _ => new
                {
                    group = new { id = Demo.BlueDolphinId, name = "Blue Dolphin" },
                    permissions = new[]
                        { new { id = "reports.fin-2", state = "ended", removedBy = Array.Empty<object>(), ended = Removal() } },
                    accounts = Array.Empty<object>()
                }
            }));
        await gateway.Given(Demo.BlueDolphin);

        var page = await gateway.Browser(await gateway.SignIn(Demo.RootAdmin)).GetStringAsync("/permissions", Cancel);

        Assert.Equal(3, page.Split("Ended 28 Nov 2026</span>").Length);
        Assert.Contains("Audit of November", page);
        Assert.DoesNotContain("Removed here", page);

        object Permission() => new { id = "reports.fin-2", name = "Bank Deposit (FIN-2)", allows = "Open it.", removable = true };
        object Removal() => new
        {
            groupId = Demo.BlueDolphinId, group = "Blue Dolphin", reason = "Audit of November", until = "2026-11-28", by = "Rosa Admin",
            at = gateway.Clock.GetUtcNow()
        };
        object Change(string action, string by) => new
        {
            permission = "reports.fin-2", action, reason = "Audit of November", until = "2026-11-28", by, at = gateway.Clock.GetUtcNow()
        };
    }

    static HttpResponseMessage Json(object body) => new(HttpStatusCode.OK) { Content = JsonContent.Create(body) };
}
