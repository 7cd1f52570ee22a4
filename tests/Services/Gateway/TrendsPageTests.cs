using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Gateway;

public class TrendsPageTests(GatewayService gateway) : IClassFixture<GatewayService>
{
    static readonly DateOnly First = new(2026, 10, 1), Last = new(2026, 10, 2);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Accounts_that_are_not_counted_are_named_with_the_reason()
    {
        var page = await Page("measure=deposits", Answer("deposits", [Account("Austin", 1234.50m)],
            [new("bluedolphin-denver", "Denver", MissingAccount.NotPermitted), new("bluedolphin-fresno", "Fresno", "It did not answer.")]));

        Assert.Contains("$1,234.50", page);
        Assert.Contains("Deposits in 1 of 3 accounts", page);
        Assert.Matches(@"You may not open Bank Deposit \(FIN-2\) in Denver,\s+so it is not counted here", page);
        Assert.Matches(@"Fresno could not say whether you may open FIN-2 there,\s+and is not counted", page);
    }

    [Fact]
    public async Task Who_may_open_the_report_nowhere_is_told_so_instead_of_a_zero()
    {
        var page = await Page("measure=drops", Answer("drops", [], [new("bluedolphin-denver", "Denver", MissingAccount.NotPermitted)]));

        Assert.Contains("This figure is for people who may open CLA-5 in the account.", page);
        Assert.DoesNotContain("trend-total", page);
    }

    [Fact]
    public async Task An_account_that_sends_no_figures_is_told_apart()
    {
        var denver = Account("Denver", 77) with { IsSent = false, Since = Last };
        var page = await Page("", Answer("families", [Account("Austin", 300), denver], []));

        Assert.Contains("1 account sends no figures", page);
        Assert.Contains("sends no figures; counted since Oct 2, 2026", page);
        Assert.Contains("Families in 2 accounts on Oct 2, 2026", page);
    }

    [Fact]
    public async Task Without_any_figure_the_page_says_where_they_come_from()
    {
        Assert.Contains("They come with the nightly reading", await Page("", Answer("families", [Account("Austin", null)], [])));
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, "There is nothing here")]
    [InlineData(HttpStatusCode.InternalServerError, "The figures cannot be shown.")]
    public async Task What_the_service_refuses_is_no_page_of_zeros(HttpStatusCode status, string words)
    {
        gateway.Outbound.Answer("reports", _ => new(status));

        using var answer = await gateway.Browser(await gateway.SignIn(Demo.RootUser)).GetAsync("/trends?group=x", Cancel);

        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(words, await answer.Content.ReadAsStringAsync(Cancel));
    }

    async Task<string> Page(string query, Trend trend)
    {
        gateway.Outbound.Answer("reports", _ => new(HttpStatusCode.OK) { Content = JsonContent.Create(trend) });
        return WebUtility.HtmlDecode(
            await gateway.Browser(await gateway.SignIn(Demo.RootUser)).GetStringAsync($"/trends?{query}", Cancel));
    }

    static Trend Answer(string measure, TrendAccount[] accounts, MissingAccount[] missing)
    {
        var total = accounts.Any(account => account.Value is not null) ? accounts.Sum(account => account.Value) : null;
        return new(measure, "day", First, Last, measure == "deposits" ? "USD" : null, total, null,
            [new(First, First, total), new(Last, Last, total)], accounts, missing);
    }

    static TrendAccount Account(string name, decimal? value) => new(
        $"bluedolphin-{name.ToLowerInvariant()}", name, value, null, "USD", null, IsSent: true, null);
}
