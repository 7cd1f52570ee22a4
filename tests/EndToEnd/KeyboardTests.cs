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

    [Theory]
    [InlineData("^Menu$", "Audit Log", true)]
    [InlineData("^Menu$", "Audit Log", false)]
    [InlineData("^Rosa Admin.*: your menu$", "Personal tokens", true)]
    [InlineData("^Rosa Admin.*: your menu$", "Personal tokens", false)]
    public async Task A_menu_opens_by_keyboard_gives_the_focus_back_on_Escape_and_closes_behind_whoever_leaves(
        string menu, string leadsTo, bool scripts)
    {
        await using var rosa = await portal.Visitor(scripts);
        await rosa.Page.SetViewportSizeAsync(360, 800);
        await rosa.Page.GotoAsync("/sign-in?provider=google&login_hint=root-admin@bluedolphin.example&returnUrl=/sync");

        var button = rosa.Page.GetByRole(AriaRole.Button, new() { NameRegex = new(menu) });
        var link = rosa.Page.GetByRole(AriaRole.Link, new() { Name = leadsTo, Exact = true });
        await button.FocusAsync();
        await rosa.Page.Keyboard.PressAsync("Enter");
        await Expect(link).ToBeVisibleAsync();
        await rosa.Page.Keyboard.PressAsync("Tab");
        await rosa.Page.Keyboard.PressAsync("Escape");
        await Expect(link).ToBeHiddenAsync();
        await Expect(button).ToBeFocusedAsync();

        await rosa.Page.Keyboard.PressAsync("Enter");
        await link.FocusAsync();
        await rosa.Page.Keyboard.PressAsync("Enter");
        await Expect(rosa.Page.GetByRole(AriaRole.Heading, new() { Name = leadsTo, Level = 1 })).ToBeVisibleAsync();
        await Expect(link).ToBeHiddenAsync();
    }

    [Theory]
    [InlineData("/", "Home")]
    [InlineData("/accounts/bluedolphin-austin", "Accounts")]
    [InlineData("/generated-reports", "Generated Reports")]
    [InlineData("/generated-reports/schedules/new", "Schedules")]
    [InlineData("/no-such-page", null)]
    public async Task The_rail_says_where_one_is(string address, string? section)
    {
        await using var rosa = await portal.SignedIn("root-admin@bluedolphin.example");
        await rosa.Page.GotoAsync(address);

        await Expect(rosa.Page.Locator("#sections [aria-current=page]")).ToHaveTextAsync(section is null ? [] : [section]);
    }

    [Fact]
    public async Task What_the_rail_and_the_rows_are_like_is_remembered()
    {
        await using var rosa = await portal.SignedIn("root-admin@bluedolphin.example");
        var rail = rosa.Page.GetByRole(AriaRole.Navigation, new() { Name = "Sections" });
        var wide = (await rail.BoundingBoxAsync())!.Width;

        await rail.GetByRole(AriaRole.Button, new() { Name = "Collapse the sections to icons" }).ClickAsync();
        await Expect(rail.GetByRole(AriaRole.Button, new() { Name = "Show the names of the sections" })).ToBeVisibleAsync();
        await rosa.Page.OpenPersonMenu();
        await rosa.Page.GetByRole(AriaRole.Button, new() { Name = "Roomy" }).ClickAsync();

        await rosa.Page.GotoAsync("/sync");
        Assert.True((await rail.BoundingBoxAsync())!.Width < wide / 2);
        Assert.Equal("", string.Join('\n', await rosa.Page.Faults()));
        await rosa.Page.SetViewportSizeAsync(1280, 800);
        await rosa.Page.OpenPersonMenu();
        await Expect(rosa.Page.GetByRole(AriaRole.Button, new() { Name = "Roomy" })).ToHaveAttributeAsync("aria-pressed", "true");
        Assert.Equal("", string.Join('\n', await rosa.Page.Faults()));
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
        await rosa.Page.GetByRole(AriaRole.Link, new() { Name = "Danger zone" }).ClickAsync();

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
        await rosa.Page.GetByRole(AriaRole.Link, new() { Name = "Danger zone" }).ClickAsync();
        await rosa.Page.GetByRole(AriaRole.Link, new() { Name = "Suspend …" }).ClickAsync();
        await Expect(rosa.Page.GetByRole(AriaRole.Heading, new() { Name = "Suspend Blue Dolphin Austin?" })).ToBeVisibleAsync();
        await rosa.Page.GetByRole(AriaRole.Link, new() { Name = "Cancel" }).ClickAsync();
        await rosa.Page.WaitForURLAsync("**/accounts/bluedolphin-austin?tab=danger");

        await rosa.Page.GotoAsync("/phone-search-link/5125550102/");
        await Expect(rosa.Page.Locator("[data-account]")).ToHaveCountAsync(3);
        await Expect(rosa.Page.GetByRole(AriaRole.Link, new() { Name = "Check who is enrolled" })).ToBeVisibleAsync();
        foreach (var waiting in await rosa.Page.GetByText("Checking").AllAsync())
            await Expect(waiting).ToBeHiddenAsync();
    }
}
