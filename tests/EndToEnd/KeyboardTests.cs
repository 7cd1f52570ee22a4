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

    [Theory]
    [InlineData("Suspend …", "Suspend Blue Dolphin Austin?")]
    [InlineData("Remove …", "Remove Blue Dolphin Austin?")]
    public async Task A_question_has_the_focus_until_Escape_gives_it_back(string button, string question)
    {
        await using var rosa = await portal.SignedIn("root-admin@bluedolphin.example");
        await rosa.Page.GotoAsync("/accounts/bluedolphin-austin");

        var asks = rosa.Page.GetByRole(AriaRole.Link, new() { Name = button });
        await asks.FocusAsync();
        await rosa.Page.Keyboard.PressAsync("Enter");
        var dialog = rosa.Page.GetByRole(AriaRole.Dialog, new() { Name = question });
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeFocusedAsync();
        Assert.Equal("", string.Join('\n', await rosa.Page.Faults()));

        await rosa.Page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToBeHiddenAsync();
        await Expect(asks).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Without_scripts_a_question_is_a_page_and_nothing_waits_for_what_only_a_script_can_show()
    {
        await using var rosa = await portal.Visitor(scripts: false);
        await rosa.Page.GotoAsync("/sign-in?provider=google&login_hint=root-admin@bluedolphin.example");

        await rosa.Page.GotoAsync("/accounts/bluedolphin-austin");
        await rosa.Page.GetByRole(AriaRole.Link, new() { Name = "Suspend …" }).ClickAsync();
        await Expect(rosa.Page.GetByRole(AriaRole.Heading, new() { Name = "Suspend Blue Dolphin Austin?" })).ToBeVisibleAsync();
        await rosa.Page.GetByRole(AriaRole.Link, new() { Name = "Cancel" }).ClickAsync();
        await rosa.Page.WaitForURLAsync("**/accounts/bluedolphin-austin");

        await rosa.Page.GotoAsync("/phone-search-link/5125550102/");
        await Expect(rosa.Page.Locator("[data-account]")).ToHaveCountAsync(3);
        await Expect(rosa.Page.GetByRole(AriaRole.Link, new() { Name = "Check who is enrolled" })).ToBeVisibleAsync();
        foreach (var waiting in await rosa.Page.GetByText("Checking").AllAsync())
            await Expect(waiting).ToBeHiddenAsync();
    }
}
