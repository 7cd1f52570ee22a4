using System.Diagnostics;
using System.Text.Json;
using EnterprisePortal.Tests.EndToEnd.Pages;
using EnterprisePortal.Tests.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace EnterprisePortal.Tests.EndToEnd;

/// <summary>What the telephony software opens when the phone rings. Alone, since accounts are made to fail meanwhile.</summary>
[Collection(nameof(Alone))]
public sealed class PhoneLinkTests(Portal portal)
{
    // The demo world's telephony numbers: of nobody, of one family in Austin, of families in Austin (active), Denver (dropped) and Boston
    // (active).
    const string Nobodys = "5125550100", OneFamilys = "5125550101", ThreeAccounts = "5125550102";

    [Theory]
    [InlineData("/phone-search-link/+1 (512) 555-0101/")]
    [InlineData("/enterprise-portal/phone-search-link/5125550101")]
    public async Task A_caller_of_one_account_is_on_screen_even_after_signing_in_first(string link)
    {
        await using var ruben = await portal.Visitor();

        await ruben.Page.GotoAsync(link);
        Assert.DoesNotContain("0101", ruben.Page.Url, StringComparison.Ordinal);
        await ruben.Page.GetByRole(AriaRole.Link, new() { Name = "Continue with Google" }).ClickAsync();
        await ruben.Page.GetByRole(AriaRole.Link, new() { Name = "Ruben User" }).ClickAsync();

        await ruben.Page.WaitForURLAsync(
            url => url.StartsWith(portal.World.Office + "bluedolphin-austin/families", StringComparison.Ordinal));
        var families = new OfficePage(ruben.Page);
        await Expect(families.RedBar).ToContainTextAsync("Ruben User");
        Assert.Contains(OneFamilys, Digits(await families.Value("Phone")), StringComparison.Ordinal);
        await Expect(families.Rows).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task An_unknown_caller_is_a_number_to_read_out_and_a_search_that_is_filled_in()
    {
        await using var ruben = await portal.SignedIn("root-user@bluedolphin.example");

        await ruben.Page.GotoAsync($"/phone-search-link/{Nobodys}/");

        await Expect(ruben.Page.GetByText("No match.")).ToBeVisibleAsync();
        await Expect(ruben.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("(512) 555-0100");
        await ruben.Page.GetByRole(AriaRole.Link, new() { Name = "Look for it in Family Search" }).ClickAsync();
        await Expect(ruben.Page.GetByLabel("Phone", new() { Exact = true })).ToHaveValueAsync("(512) 555-0100");
    }

    [Fact]
    public async Task A_caller_of_several_accounts_is_listed_at_once_marked_where_enrolled_and_named_where_an_account_is_silent()
    {
        await using var denver = await portal.Fault("bluedolphin-denver", "down");
        await using var ruben = await portal.SignedIn("root-user@bluedolphin.example");

        await ruben.Page.GotoAsync($"/phone-search-link/{ThreeAccounts}/");

        var accounts = ruben.Page.Locator("[data-account]");
        await Expect(accounts).ToHaveCountAsync(3);
        await Expect(accounts.And(ruben.Page.Locator("[data-account=bluedolphin-austin]"))).ToContainTextAsync("Active enrollment");
        await Expect(accounts.And(ruben.Page.Locator("[data-account=bluedolphin-boston]"))).ToContainTextAsync("Active enrollment");
        await Expect(accounts.And(ruben.Page.Locator("[data-account=bluedolphin-denver]"))).ToContainTextAsync("Did not answer");
        await Expect(ruben.Page.GetByText("Blue Dolphin Denver did not answer.")).ToBeVisibleAsync();
        await Expect(ruben.Page.Locator("main p[role=status]")).ToHaveTextAsync("2 families have an active enrollment.");
        Assert.Equal("", string.Join('\n', await ruben.Page.Faults()));
        var boston = new OfficePage(await ruben.Page.Context.RunAndWaitForPageAsync(
            () => ruben.Page.GetByRole(AriaRole.Link, new() { Name = "Enter Blue Dolphin Boston" }).ClickAsync()));
        await Expect(boston.RedBar).ToContainTextAsync("Ruben User");
        Assert.Contains(ThreeAccounts, Digits(await boston.Value("Phone")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_digit_on_the_keyboard_enters_the_account_with_that_number()
    {
        await using var ruben = await portal.SignedIn("root-user@bluedolphin.example");
        await ruben.Page.GotoAsync($"/phone-search-link/{ThreeAccounts}/");
        var third = ruben.Page.Locator("[data-account]").Nth(2);

        // The two with an active enrollment come first.
        await Expect(third).ToHaveAttributeAsync("data-account", "bluedolphin-denver");
        var denver = new OfficePage(await ruben.Page.Context.RunAndWaitForPageAsync(() => ruben.Page.Keyboard.PressAsync("3")));
        await Expect(denver.RedBar).ToContainTextAsync("Ruben User");
        Assert.Contains("/bluedolphin-denver/", denver.Tab.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_and_a_hanging_account_are_named_and_hide_nobody_elses_family()
    {
        using var ruben = await portal.Caller("root-user@bluedolphin.example");
        await Wait.Eventually(async () => (await Call(ruben)).Answer.GetProperty("unanswered").GetArrayLength() == 0,
            "An account of another test is not asked again.");
        await using var down = await portal.Fault("bluedolphin-charlotte", "down");
        await using var hanging = await portal.Fault("bluedolphin-albany", "hang");

        var (first, firstTook) = await Call(ruben);
        var (next, nextTook) = await Call(ruben);

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"The first call took {firstTook.TotalMilliseconds:0} ms, the next {nextTook.TotalMilliseconds:0} ms.");
        foreach (var call in (JsonElement[])[first, next])
        {
            Assert.Equal(["bluedolphin-albany", "bluedolphin-charlotte"],
                call.GetProperty("unanswered").EnumerateArray().Select(code => code.GetString()));
            Assert.Equal(["bluedolphin-austin", "bluedolphin-boston", "bluedolphin-denver"],
                call.GetProperty("matches").EnumerateArray().Select(match => match.GetProperty("account").GetString()));
        }

        async Task<(JsonElement Answer, TimeSpan Took)> Call(Caller person)
        {
            var began = Stopwatch.GetTimestamp();
            return (await person.Json($"/api/search/phone/{ThreeAccounts}"), Stopwatch.GetElapsedTime(began));
        }
    }

    [Fact]
    public async Task Callers_numbers_are_in_no_log_of_any_process()
    {
        using var ruben = await portal.Caller("root-user@bluedolphin.example");
        foreach (var number in (string[])[Nobodys, OneFamilys, ThreeAccounts, "512-555-0102x"])
        {
            using var page = await ruben.Get($"/phone-search-link/{number}/");
            using var api = await ruben.Get($"/api/search/phone/{number}");
        }

        var logs = Directory.EnumerateFiles(portal.World.Folder, "*.log", SearchOption.AllDirectories).ToList();
        Assert.Contains(logs, log => log.EndsWith("gateway.log", StringComparison.Ordinal));
        Assert.Empty(logs.SelectMany(log =>
            Lines(log).Where(line => Digits(line).Contains("512555010", StringComparison.Ordinal)).Select(line => $"{log}: {line}")));
    }

    static IEnumerable<string> Lines(string log)
    {
        using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    static string Digits(string text) => string.Concat(text.Where(char.IsDigit));
}
