using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Gateway;

public class ReportFormTests(GatewayService gateway) : IClassFixture<GatewayService>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Names_are_chosen_from_those_of_the_accounts_and_typed_where_these_do_not_arrive()
    {
        gateway.Outbound.Answer("search", request => request.RequestUri!.AbsolutePath.EndsWith("/programs", StringComparison.Ordinal)
            ? new(HttpStatusCode.OK)
            {
                Content = JsonContent.Create(new
                {
                    names = new[] { new { name = "Swim", accounts = 8 }, new { name = "Camp", accounts = 7 } },
                    groups = Array.Empty<object>(), dismissed = Array.Empty<object>(), accounts = Array.Empty<object>()
                })
            }
            : new(HttpStatusCode.ServiceUnavailable));

        var page = await Page("/generated-reports/new?report=FIN-6");

        Assert.Contains("<option value=\"Camp\">Camp</option>", page);
        Assert.Matches("<select id=\"program\"", page);
        Assert.Matches("<input id=\"category\"", page);
        Assert.Contains("Charges by category, paid and unpaid.", page);
    }

    [Theory]
    [InlineData("FIN-2", "", "2026-10-01", "2026-10-31"), InlineData("FIN-2", "this-month", "2026-11-01", "2026-11-30")]
    [InlineData("FIN-2", "year-to-date", "2026-01-01", "2026-11-30"), InlineData("FIN-2", "rubbish", "2026-10-01", "2026-10-31")]
    [InlineData("FIN-1", "", null, "2026-11-30"), InlineData("FIN-1", "last-month", null, "2026-10-31")]
    public async Task The_days_most_ask_for_are_one_click(string report, string period, string? from, string to)
    {
        gateway.Clock.Set(new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));
        gateway.Outbound.Answer("search", _ => new(HttpStatusCode.ServiceUnavailable));

        var page = await Page($"/generated-reports/new?report={report}&period={period}");
        gateway.Clock.Set(TimeProvider.System.GetUtcNow());

        Assert.Equal([.. from is null ? [] : new[] { from }, to],
            Regex.Matches(page, "type=\"date\"[^>]* value=\"([^\"]*)\"").Select(date => date.Groups[1].Value));
    }

    async Task<string> Page(string address) =>
        await gateway.Browser(await gateway.SignIn(Demo.RootUser)).GetStringAsync(address, Cancel);
}
