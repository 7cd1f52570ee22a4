using EnterprisePortal.Tests.EndToEnd.Pages;
using EnterprisePortal.Tests.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace EnterprisePortal.Tests.EndToEnd;

/// <summary>Where the focus goes when a person uses the pages without a mouse.</summary>
public sealed class KeyboardTests(Portal portal)
{
    [Theory]
    [InlineData("/accounts")]
    [InlineData("/phone-search-link/+1 (512) 555-0102/")]
    public async Task The_skip_link_leads_into_the_page(string address)
    {
        await using var rosa = await portal.SignedIn("root-admin@bluedolphin.example");
        await rosa.Page.GotoAsync(address);

        await rosa.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" }).FocusAsync();
        await rosa.Page.Keyboard.PressAsync("Enter");
        await Expect(rosa.Page.Locator("main")).ToBeFocusedAsync();

        await rosa.Page.Keyboard.PressAsync("Tab");
        await Expect(rosa.Page.Locator("main :focus")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task The_focus_stays_on_the_star_that_was_pressed_though_its_row_moves()
    {
        await using var ruben = await portal.SignedIn("root-user@bluedolphin.example");
        var accounts = await AccountsPage.Open(ruben.Page);
        var star = accounts.Star("Blue Dolphin Tampa");
        await star.FocusAsync();

        foreach (var pressed in (string[])["true", "false"])
        {
            await ruben.Page.Keyboard.PressAsync("Enter");
            await Expect(star).ToHaveAttributeAsync("aria-pressed", pressed);
            await Expect(star).ToBeFocusedAsync();
        }
    }

}
