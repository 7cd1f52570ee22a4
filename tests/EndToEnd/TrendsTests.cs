using System.Globalization;
using EnterprisePortal.Tests.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace EnterprisePortal.Tests.EndToEnd;

public sealed class TrendsTests(Portal portal)
{
    [Fact]
    public async Task Two_years_of_deposits_stand_on_the_page_as_they_add_up_in_its_csv()
    {
        await using var ruben = await portal.SignedIn("root-user@bluedolphin.example");
        await ruben.Page.GotoAsync("/");
        await ruben.Page.GetByRole(AriaRole.Link, new() { Name = "Trends", Exact = true }).ClickAsync();
        var deposits = ruben.Page.GetByRole(AriaRole.Navigation, new() { Name = "Figure" })
            .GetByRole(AriaRole.Link, new() { Name = "Deposits" });
        // The address changes before the page does.
        await deposits.ClickAsync();
        await Expect(deposits).ToHaveAttributeAsync("aria-current", "page");
        var years = ruben.Page.GetByRole(AriaRole.Link, new() { Name = "2 years" });
        await years.ClickAsync();
        await Expect(years).ToHaveAttributeAsync("aria-current", "true");
        Assert.EndsWith("/trends?measure=deposits&days=730", ruben.Page.Url);

        var shown = await ruben.Page.Locator("#trend-total").InnerTextAsync();
        var total = decimal.Parse(shown, NumberStyles.Currency, new CultureInfo("en-US"));
        var download = ruben.Page.GetByRole(AriaRole.Link, new() { Name = "Download CSV" });
        var csv = await Csv(ruben.Page, await download.GetAttributeAsync("href"));

        Assert.True(total > 100_000, $"Deposits of two years: {total}");
        Assert.Equal(total, csv.Sum(row => decimal.Parse(row[5], CultureInfo.InvariantCulture)));
        await Expect(ruben.Page.Locator(".lines-picture path.line")).ToHaveCountAsync(1);
        Assert.Equal("", string.Join('\n', await ruben.Page.Faults()));
        Assert.Empty(ruben.Violations);
    }

    [Fact]
    public async Task Accounts_are_compared_without_scripts_and_the_address_says_which()
    {
        await using var wanda = await portal.SignedIn("west-user@bluedolphin.example");
        await wanda.Page.GotoAsync("/trends?measure=active-enrollments&days=365");

        await wanda.Page.GetByRole(AriaRole.Link, new() { Name = "Compare: Blue Dolphin Austin" }).ClickAsync();
        await Expect(wanda.Page.GetByRole(AriaRole.Link, new() { Name = "Do not compare: Blue Dolphin Austin" })).ToBeVisibleAsync();
        await wanda.Page.GetByRole(AriaRole.Link, new() { Name = "Compare: Blue Dolphin Denver" }).ClickAsync();

        await Expect(wanda.Page.Locator(".legend li")).ToHaveTextAsync(["Blue Dolphin Austin", "Blue Dolphin Denver"]);
        Assert.EndsWith("account=bluedolphin-austin&account=bluedolphin-denver", wanda.Page.Url);
        await wanda.Page.GetByText("The weeks as a table").ClickAsync();
        await Expect(wanda.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Blue Dolphin Denver" })).ToBeVisibleAsync();
        await wanda.Page.SetViewportSizeAsync(360, 800);
        Assert.Equal("", string.Join('\n', await wanda.Page.Faults()));
        var outside = await wanda.Page.GotoAsync("/trends?account=bluedolphin-boston");
        Assert.Equal(404, outside!.Status);
    }

    static async Task<List<string[]>> Csv(IPage page, string? address)
    {
        var answer = await page.APIRequest.GetAsync(address!);
        Assert.Equal(200, answer.Status);
        return [.. (await answer.TextAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(','))];
    }
}
