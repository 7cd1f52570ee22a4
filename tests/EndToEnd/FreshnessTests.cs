using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using EnterprisePortal.Tests.EndToEnd.Pages;
using EnterprisePortal.Tests.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace EnterprisePortal.Tests.EndToEnd;

public sealed class FreshnessTests(Portal portal)
{
    [Fact]
    public async Task A_family_renamed_in_its_account_is_found_under_its_new_name_within_a_minute_and_no_longer_under_the_old()
    {
        await using var owner = await portal.Visitor();
        var office = await owner.Page.SignInDirectly(portal.World.Office, "bluedolphin-charlotte");
        await owner.Page.GotoAsync($"{portal.World.Office}bluedolphin-charlotte/families/new");
        await Save("Quilla", "Vorpaltonne");
        using var emil = await portal.Caller("east-user@bluedolphin.example");
        await Found("vorpaltonne", 1);

        await office.Tab.GetByRole(AriaRole.Link, new() { Name = "Edit", Exact = false }).First.ClickAsync();
        await Save("Quilla", "Jabberwocken");

        await Found("jabberwocken", 1);
        await Found("vorpaltonne", 0);

        async Task Save(string first, string last)
        {
            await office.Tab.Locator("[name=first]").First.FillAsync(first);
            await office.Tab.Locator("[name=last]").First.FillAsync(last);
            await office.Tab.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        }

        Task Found(string name, int count) =>
            Wait.Eventually(async () => (await emil.Json($"/api/search/families?name={name}")).GetProperty("total").GetInt32() == count,
            $"{name} was not found {count} times", TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_star_puts_an_account_first_for_the_person_who_set_it_also_without_scripts()
    {
        await using var wanda = await portal.SignedIn("west-user@bluedolphin.example");
        var accounts = await AccountsPage.Open(wanda.Page);
        await Expect(accounts.Rows.First).ToContainTextAsync("Blue Dolphin Austin");

        await accounts.Star("Blue Dolphin Tucson").ClickAsync();
        await Expect(accounts.Rows.First).ToContainTextAsync("Blue Dolphin Tucson");
        await Expect(accounts.Star("Blue Dolphin Tucson")).ToHaveAttributeAsync("aria-pressed", "true");
        await wanda.Page.GotoAsync("/accounts?sort=-name");
        await Expect(accounts.Rows.First).ToContainTextAsync("Blue Dolphin Tucson");
        await Expect(accounts.Rows.Nth(1)).ToContainTextAsync("Blue Dolphin Fresno");

        using var ruben = await portal.Caller("root-user@bluedolphin.example");
        Assert.Equal("bluedolphin-albany", (await ruben.Json("/api/accounts")).GetProperty("items")[0].GetProperty("code").GetString());
        await accounts.Star("Blue Dolphin Tucson").ClickAsync();
        await Expect(accounts.Rows.First).ToContainTextAsync("Blue Dolphin Tucson"); // Last of the alphabet, and sorted so.
        await Expect(accounts.Star("Blue Dolphin Tucson")).ToHaveAttributeAsync("aria-pressed", "false");
        Assert.Empty(wanda.Violations);
    }

    [Fact]
    public async Task A_personal_token_reads_the_feed_as_its_owner_and_dies_with_their_suspension()
    {
        using var rosa = await portal.Caller("root-admin@bluedolphin.example");
        var group = (await rosa.Json("/api/groups")).GetProperty("items").EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == "East").GetProperty("id").GetString();
        using var invited = await rosa.Post(
            "/api/users", new { email = "powerbi@bluedolphin.example", name = "Petra Power", level = "user", group, provider = "google" });
        var petra = (await invited.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("id")
            .GetString();
        await using var browser = await portal.SignedIn("powerbi@bluedolphin.example");
        await browser.Page.GotoAsync("/tokens");
        await browser.Page.GetByLabel("What it is for").FillAsync("Power BI");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Make the token" }).ClickAsync();
        var secret = await browser.Page.Locator(".secret").InnerTextAsync();
        Assert.Equal("", string.Join('\n', await browser.Page.Faults()));
        using var program = new HttpClient { BaseAddress = portal.World.Portal };
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"powerbi@bluedolphin.example:{secret}")));

        var names = await program.GetFromJsonAsync<JsonElement>("api/feed/names.json?kind=level", TestContext.Current.CancellationToken);

        Assert.Equal(["bluedolphin-albany", "bluedolphin-boston", "bluedolphin-charlotte", "bluedolphin-tampa"],
            names.EnumerateArray().Select(row => row.GetProperty("account").GetString()).Distinct().Order());
        Assert.Equal(HttpStatusCode.NotFound,
            (await program.GetAsync(new Uri("api/feed/reports/CLA-9.csv", UriKind.Relative), TestContext.Current.CancellationToken))
                .StatusCode);
        using (var suspended = await rosa.Patch($"/api/users/{petra}", new { status = "suspended" }))
            Assert.True(suspended.IsSuccessStatusCode);
        await Wait.Eventually(async () => (await program.GetAsync(new Uri("api/feed/names.json", UriKind.Relative)))
            .StatusCode == HttpStatusCode.Unauthorized, "The token lives on.", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Ticked_accounts_are_read_now_and_the_page_follows_them()
    {
        await using var emil = await portal.SignedIn("east-user@bluedolphin.example");
        await emil.Page.GotoAsync("/sync");
        await emil.Page.GetByRole(AriaRole.Button, new() { Name = "Sync the ticked" }).ClickAsync();
        await Expect(emil.Page.GetByText("No account is ticked.")).ToBeVisibleAsync();

        foreach (var account in new[] { "Blue Dolphin Boston", "Blue Dolphin Tampa" })
            await emil.Page.GetByRole(AriaRole.Checkbox, new() { Name = account }).CheckAsync();
        await emil.Page.GetByRole(AriaRole.Button, new() { Name = "Sync the ticked" }).ClickAsync();

        await Expect(emil.Page.Locator("#sync-outcome")).ToHaveTextAsync("2 accounts read.", new() { Timeout = 60_000 });
        Assert.Empty(emil.Violations);
    }
}
