using EnterprisePortal.Tests.EndToEnd.Pages;
using EnterprisePortal.Tests.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace EnterprisePortal.Tests.EndToEnd;

public sealed class ValidationTests(Portal portal)
{
    [Fact]
    public async Task Slips_are_grouped_with_the_name_they_should_be_and_the_months_of_a_tuition_are_not()
    {
        await using var ruben = await portal.SignedIn("root-user@bluedolphin.example");
        var levels = await ValidationPage.Open(ruben.Page, "levels");

        await Expect(levels.Group("Shrimp")).ToContainTextAsync("Shrimps");
        await Expect(levels.Group("Starfish")).ToContainTextAsync("Star Fish");

        var categories = await ValidationPage.Open(ruben.Page, "charge-categories");
        var months = categories.Names.Filter(new() { HasText = "Rec Tuition" });
        Assert.InRange(await months.CountAsync(), 12, 36);
        await Expect(months.Filter(new() { HasText = "probably" })).ToHaveCountAsync(0);
        await Expect(ruben.Page.Locator(".slips").Filter(new() { HasText = "Rec Tuition" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_name_that_was_corrected_in_its_account_leaves_its_group_when_the_account_is_checked_again()
    {
        await using var rosa = await portal.SignedIn("root-admin@bluedolphin.example");
        var levels = await ValidationPage.Open(rosa.Page, "levels");
        await levels.Group("Penguin").GetByRole(AriaRole.Link, new() { Name = "Click for accounts with Pengiun" }).ClickAsync();
        await Expect(levels.Group("Penguin")).ToContainTextAsync("Blue Dolphin Fresno");

        var fresno = await levels.OpenSettings("Penguin", "Blue Dolphin Fresno");
        await fresno.Rename("Pengiun", "Penguin");
        await fresno.Tab.CloseAsync();
        await levels.Group("Penguin").GetByRole(AriaRole.Button, new() { Name = "Check again in Blue Dolphin Fresno" }).ClickAsync();

        await Expect(rosa.Page.Locator("#checking")).ToContainTextAsync("“Pengiun” is gone from it", new() { Timeout = 60_000 });
        await Expect(levels.Group("Penguin")).ToHaveCountAsync(0);
        await Expect(levels.Names.Filter(new() { HasText = "Pengiun" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Names_that_are_different_are_said_to_be_so_and_grouped_again_on_second_thoughts()
    {
        await using var edith = await portal.SignedIn("east-user@bluedolphin.example");
        var categories = await ValidationPage.Open(edith.Page, "charge-categories");

        await categories.Group("Registration Fee").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(categories.Group("Registration Fee")).ToHaveCountAsync(0);
        await edith.Page.GetByRole(AriaRole.Button, new() { Name = "Undo for Registration Fee" }).ClickAsync();
        await Expect(categories.Group("Registration Fee")).ToContainTextAsync("Regristration Fee");

        // And where it is said.
        await categories.Group("Registration Fee").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(categories.Group("Registration Fee")).ToHaveCountAsync(0);
        await edith.Page.Locator("#toasts").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();

        await Expect(categories.Group("Registration Fee")).ToContainTextAsync("Regristration Fee");
    }
}
