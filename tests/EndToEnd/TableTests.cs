using EnterprisePortal.Tests.EndToEnd.Pages;
using EnterprisePortal.Tests.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace EnterprisePortal.Tests.EndToEnd;

/// <summary>What a person sees of a list at once, and how they get at the rest.</summary>
public sealed class TableTests(Portal portal)
{
    [Theory]
    [InlineData("/accounts")]
    [InlineData("/family-search?name=sm")]
    [InlineData("/users")]
    [InlineData("/groups")]
    [InlineData("/sync")]
    public async Task Ten_rows_are_in_sight_on_a_small_laptop(string address)
    {
        await using var rosa = await portal.SignedIn("root-admin@bluedolphin.example");
        await rosa.Page.SetViewportSizeAsync(1280, 800);
        await rosa.Page.GotoAsync(address);

        // The demo world has eight accounts: as many rows as would fit, if the others were like the first.
        var row = (await rosa.Page.Locator("tbody tr").First.BoundingBoxAsync())!;
        Assert.True(row.Y + (10 * row.Height) <= 800, $"The first of {row.Height} px begins at {row.Y}.");
        if (await rosa.Page.Locator("tbody tr").CountAsync() is > 10)
        {
            var tenth = (await rosa.Page.Locator("tbody tr").Nth(9).BoundingBoxAsync())!;
            Assert.True(tenth.Y + tenth.Height <= 800, $"The tenth ends at {tenth.Y + tenth.Height}.");
        }
    }

    [Fact]
    public async Task Accounts_are_sorted_by_a_column_as_often_as_its_head_is_pressed_and_the_address_says_so()
    {
        await using var rosa = await portal.SignedIn("root-admin@bluedolphin.example");
        var accounts = await AccountsPage.Open(rosa.Page);
        var head = rosa.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Locations" });

        await head.GetByRole(AriaRole.Link).ClickAsync();
        await rosa.Page.WaitForURLAsync("**/accounts?sort=location");
        await Expect(head).ToHaveAttributeAsync("aria-sort", "ascending");
        await Expect(accounts.Rows.First).ToContainTextAsync("Blue Dolphin Albany");

        await head.GetByRole(AriaRole.Link).ClickAsync();
        await rosa.Page.WaitForURLAsync("**/accounts?sort=-location");
        await Expect(accounts.Rows.First).ToContainTextAsync("Blue Dolphin Tucson");
    }

    [Theory]
    [InlineData("/users", "E-mail", "email")]
    [InlineData("/groups", "Users enter as", "user-email")]
    [InlineData("/sync", "Last 14 days", "days")]
    public async Task So_are_the_other_lists(string address, string column, string sort)
    {
        await using var rosa = await portal.SignedIn("root-admin@bluedolphin.example");
        await rosa.Page.GotoAsync(address);
        var head = rosa.Page.GetByRole(AriaRole.Columnheader, new() { Name = column });

        await head.GetByRole(AriaRole.Link).ClickAsync();
        await rosa.Page.WaitForURLAsync($"**{address}?sort={sort}");
        await Expect(head).ToHaveAttributeAsync("aria-sort", "ascending");
        await Expect(head.GetByRole(AriaRole.Link)).ToBeFocusedAsync();

        await head.GetByRole(AriaRole.Link).ClickAsync();
        await rosa.Page.WaitForURLAsync($"**{address}?sort=-{sort}");
        await Expect(head).ToHaveAttributeAsync("aria-sort", "descending");
        await Expect(rosa.Page.Locator("tbody tr").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task On_a_phone_a_row_is_a_card_that_opens()
    {
        await using var rosa = await portal.SignedIn("root-admin@bluedolphin.example");
        await rosa.Page.SetViewportSizeAsync(360, 800);
        var accounts = await AccountsPage.Open(rosa.Page);
        var (owner, more) = (accounts.Rows.First.Locator("[data-label=Owner]"), accounts.Rows.First.Locator("summary"));

        await Expect(owner).ToBeHiddenAsync();
        await more.FocusAsync();
        await rosa.Page.Keyboard.PressAsync("Enter");
        await Expect(owner).ToBeVisibleAsync();
        Assert.Equal("", string.Join('\n', await rosa.Page.Faults()));
    }

    [Fact]
    public async Task A_star_can_be_taken_back_where_it_is_said()
    {
        await using var ruben = await portal.SignedIn("root-user@bluedolphin.example");
        var accounts = await AccountsPage.Open(ruben.Page);
        var star = accounts.Star("Blue Dolphin Denver");

        await star.ClickAsync();
        await Expect(star).ToHaveAttributeAsync("aria-pressed", "true");
        var said = ruben.Page.Locator("#toasts");
        await Expect(said).ToContainTextAsync("Blue Dolphin Denver is one of your favorites now.");
        Assert.Equal("", string.Join('\n', await ruben.Page.Faults()));

        await said.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(star).ToHaveAttributeAsync("aria-pressed", "false");
        await Expect(said).ToBeEmptyAsync();
    }

    [Fact]
    public async Task Columns_that_are_taken_away_stay_away_until_they_are_wanted_again()
    {
        await using var ruben = await portal.SignedIn("root-user@bluedolphin.example");
        await AccountsPage.Open(ruben.Page);
        var owner = ruben.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Owner" });
        await Expect(owner).ToBeVisibleAsync();

        await Choose("Columns", wanted: false);
        await Expect(owner).ToHaveCountAsync(0);
        await ruben.Page.ReloadAsync();
        await Expect(owner).ToHaveCountAsync(0);
        Assert.Equal("", string.Join('\n', await ruben.Page.Faults()));

        await Choose("Columns (5 of 6)", wanted: true);
        await Expect(owner).ToBeVisibleAsync();

        async Task Choose(string menu, bool wanted)
        {
            await ruben.Page.GetByRole(AriaRole.Button, new() { Name = menu, Exact = true }).ClickAsync();
            await ruben.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Owner" }).SetCheckedAsync(wanted);
            await ruben.Page.GetByRole(AriaRole.Button, new() { Name = "Show these" }).ClickAsync();
        }
    }
}
