using EnterprisePortal.Tests.EndToEnd.Pages;
using EnterprisePortal.Tests.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace EnterprisePortal.Tests.EndToEnd;

public sealed class FamilySearchTests(Portal portal)
{
    [Fact]
    public async Task A_name_from_an_accounts_families_page_is_found_and_the_magnifying_glass_opens_it_there_with_the_same_terms()
    {
        await using var owner = await portal.Visitor();
        var office = await owner.Page.SignInDirectly(portal.World.Office, "bluedolphin-austin");
        await office.GoTo("Families");
        var name = await office.Rows.First.Locator("[data-label=Guardians] li").First.InnerTextAsync();

        await using var rosa = await portal.SignedIn("root-admin@bluedolphin.example");
        var search = await FamilySearchPage.Open(rosa.Page);
        await search.Search(name);
        await Expect(search.Results.First).ToContainTextAsync(name);
        var austin = await search.OpenInAccount("Blue Dolphin Austin");

        await Expect(austin.RedBar).ToContainTextAsync("Rosa Admin");
        Assert.Equal(name, await austin.Value("Name"));
        await Expect(austin.Rows.First).ToContainTextAsync(name);
    }

    [Fact]
    public async Task A_phone_number_written_in_any_way_is_found_and_taken_along()
    {
        await using var rosa = await portal.SignedIn("root-admin@bluedolphin.example");
        var search = await FamilySearchPage.Open(rosa.Page);

        await search.Search(phone: "(512) 555-0101");
        await Expect(search.Results).ToHaveCountAsync(1);
        var austin = await search.OpenInAccount("Blue Dolphin Austin");

        Assert.Equal("(512) 555-0101", await austin.Value("Phone"));
        await Expect(austin.Rows).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_misspelled_name_leads_to_similar_ones_and_a_family_of_two_accounts_is_one_of_them()
    {
        await using var rosa = await portal.SignedIn("root-admin@bluedolphin.example");
        var search = await FamilySearchPage.Open(rosa.Page);

        await search.Search("grase holloway");
        await Expect(search.Results).ToHaveCountAsync(0);
        var grace = search.SimilarNames.Filter(new() { HasText = "Grace Holloway" });
        await Expect(grace).ToContainTextAsync("Similar to “Grase”");
        foreach (var account in new[] { "Blue Dolphin Austin", "Blue Dolphin Denver" })
            await Expect(grace).ToContainTextAsync(account);
        var denver = await search.OpenInAccount("Blue Dolphin Denver");

        Assert.Equal("Grace Holloway", await denver.Value("Name"));
        await Expect(denver.Rows).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Too_little_to_search_for_is_said_at_the_field()
    {
        await using var rosa = await portal.SignedIn("root-admin@bluedolphin.example");
        var search = await FamilySearchPage.Open(rosa.Page);

        await search.Search(name: "a", phone: "12");

        await Expect(rosa.Page.GetByLabel("Name")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(rosa.Page.GetByLabel("Phone")).ToHaveAttributeAsync("aria-invalid", "true");
    }

    [Fact]
    public async Task Everything_works_with_the_keyboard_alone()
    {
        await using var rosa = await portal.SignedIn("root-admin@bluedolphin.example");
        var page = rosa.Page;

        await TabTo(page, "Family Search");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/family-search");
        await TabTo(page, "Phone");
        await page.Keyboard.TypeAsync("512 555 0101");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/family-search?*phone=512*");
        await TabTo(page, "Open in Blue Dolphin Austin");
        var austin = await page.Context.RunAndWaitForPageAsync(() => page.Keyboard.PressAsync("Enter"));
        await TabTo(austin, "Leave");
        await austin.Keyboard.PressAsync("Enter");

        await austin.WaitForURLAsync(portal.World.Portal.ToString());
    }

    [Fact]
    public async Task One_enterprise_never_sees_the_other_in_any_answer()
    {
        using var tara = await portal.Caller("root-admin@tumbletime.example");
        using var rosa = await portal.Caller("root-admin@bluedolphin.example");
        var dolphins = await rosa.Json("/api/search/families?name=sm");
        Assert.NotEqual(0, dolphins.GetProperty("total").GetInt32());

        foreach (var address in new[]
        {
            "/api/me", "/api/accounts", "/api/accounts?q=dolphin", "/api/groups", "/api/search/families?name=sm",
            "/api/search/families?phone=5125550101",
            "/api/search/phone/5125550102", "/api/audit", "/api/sync/accounts", "/accounts", "/accounts?q=dolphin",
            "/family-search?name=sm", "/audit-log", "/sync"
        })
            using (var answer = await tara.Get(address))
            {
                var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                Assert.True(answer.IsSuccessStatusCode, $"{address} answers {(int)answer.StatusCode}");
                // The person searched for it: their own words in their own page are no leak.
                Assert.DoesNotContain("dolphin", body.Replace("value=\"dolphin\"", "", StringComparison.Ordinal)
                    .Replace("q=dolphin", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
            }

        var group = (await rosa.Json("/api/groups")).GetProperty("items")[0].GetProperty("id").GetString();
        foreach (var address in new[]
        {
            "/api/accounts/bluedolphin-austin",
            "/open/bluedolphin-austin",
            "/open/bluedolphin-austin?to=/families&name=smith"
        })
            using (var answer = await tara.Get(address))
                Assert.Equal(404, (int)answer.StatusCode);
        using (var answer = await tara.Post("/api/sync/runs", new { accounts = new[] { "bluedolphin-austin" } }))
            Assert.Equal(404, (int)answer.StatusCode);
        foreach (var filter in new[] { "account=bluedolphin-austin", $"group={group}" })
            using (var answer = await tara.Get($"/api/search/families?name=sm&{filter}"))
                Assert.DoesNotContain("bluedolphin", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                    StringComparison.Ordinal);
    }

    static async Task TabTo(IPage page, string name)
    {
        for (var presses = 0; presses < 60; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<string>(
                "() => { const e = document.activeElement; return e.getAttribute('aria-label') ?? e.labels?.[0]?.innerText ?? "
                + "e.innerText ?? '' }") is { } here
                && here.Trim().StartsWith(name, StringComparison.Ordinal))
                return;
        }
        Assert.Fail($"{name} cannot be reached with the Tab key on {page.Url}");
    }
}
