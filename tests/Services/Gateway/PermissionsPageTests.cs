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
                    {
                        new { id = "reports.fin-2", state = "ended", removedBy = Array.Empty<object>(), ended = Removal() }
                    },
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

    [Theory]
    [InlineData("31.12.2026"), InlineData("2026-13-01"), InlineData("soon")]
    public async Task A_last_day_that_cannot_be_read_removes_nothing_for_ever(string until)
    {
        var changes = 0;
        foreach (var replica in GatewayService.PermissionsReplicas)
            gateway.Outbound.Answer(replica, request =>
            {
                changes += request.RequestUri!.AbsolutePath.EndsWith("/preview", StringComparison.Ordinal) ? 0 : 1;
                return new(HttpStatusCode.NoContent);
            });
        await gateway.Given(Demo.BlueDolphin);
        var browser = gateway.Browser(await gateway.SignIn(Demo.RootAdmin));
        browser.DefaultRequestHeaders.Add("X-CSRF", "1");
        var address = $"/permissions/change?group={Demo.BlueDolphinId}&p=reports.fin-2&do=remove";
        var form = await browser.GetAsync(address, Cancel);
        var token = System.Text.RegularExpressions.Regex.Match(await form.Content.ReadAsStringAsync(Cancel),
            "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"").Groups[1].Value;
        browser.DefaultRequestHeaders.Add("Cookie", form.Headers.GetValues("Set-Cookie").Select(set => set.Split(';')[0]));

        var refused = await browser.PostAsync(address, new FormUrlEncodedContent(
            [new("__RequestVerificationToken", token), new("_handler", "change"), new("reason", "Audit"), new("until", until)]), Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("Give a day of the calendar", await refused.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(0, changes);
    }

    static HttpResponseMessage Json(object body) => new(HttpStatusCode.OK) { Content = JsonContent.Create(body) };
}
