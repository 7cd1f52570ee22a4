using EnterprisePortal.Tests.EndToEnd.Pages;
using EnterprisePortal.Tests.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace EnterprisePortal.Tests.EndToEnd;

public sealed class HomeTests(Portal portal)
{
    [Fact]
    public async Task An_Admin_searches_and_enters_an_account_from_any_page_without_a_mouse_and_finds_it_on_Home()
    {
        await using var rosa = await portal.SignedIn("root-admin@bluedolphin.example");
        var page = rosa.Page;
        await page.GotoAsync("/sync");

        await page.Keyboard.PressAsync("/");
        await Expect(page.GetByLabel("Find a family")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("/");
        await Expect(page.GetByLabel("Find a family")).ToHaveValueAsync("/");

        var before = page.GetByRole(AriaRole.Button, new() { Name = "Sync all now" });
        await before.FocusAsync();
        var palette = await Open(page);
        await page.Keyboard.TypeAsync("tampa");
        await Expect(Chosen(palette)).ToContainTextAsync("Blue Dolphin Tampa as portal-admin@bluedolphin.example");
        Assert.Equal("", string.Join('\n', await page.Faults()));
        await page.Keyboard.PressAsync("Escape");
        await Expect(before).ToBeFocusedAsync();

        await Open(page);
        await page.Keyboard.TypeAsync("tampa");
        await Expect(Chosen(palette)).ToContainTextAsync("Tampa");
        var tampa = new OfficePage(await page.Context.RunAndWaitForPageAsync(() => page.Keyboard.PressAsync("Enter")));
        await Expect(tampa.RedBar).ToContainTextAsync("Rosa Admin");

        await page.GotoAsync("/");
        foreach (var figure in new[] { "cannot be entered", "failed or are old", "wait for restrictions", "failed lately", "Likely slips" })
            await Expect(page.GetByRole(AriaRole.Heading).GetByRole(AriaRole.Link).Filter(new() { HasText = figure })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Signed in" }).GetByRole(AriaRole.Link, new() { Name = "Rosa Admin" }))
            .ToBeVisibleAsync();
        await Wait.Eventually(async () =>
        {
            await page.ReloadAsync();
            return await page.GetByRole(AriaRole.Region, new() { Name = "Recently entered" })
                .GetByRole(AriaRole.Link, new() { Name = "Enter Blue Dolphin Tampa" }).CountAsync() == 1;
        }, "The account that was entered is not among the recent ones.");
    }

    [Fact]
    public async Task A_User_sees_which_account_is_closed_to_them_and_goes_only_where_they_may()
    {
        await using var theo = await portal.SignedIn("root-user@tumbletime.example");
        var page = theo.Page;

        await page.GotoAsync("/");
        await Expect(page.Locator(".tiles")).ToContainTextAsync("Tumble Time Lincoln");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Signed in" })).ToHaveCountAsync(0);

        var palette = await Open(page);
        await page.Keyboard.TypeAsync("groups");
        await Expect(palette.GetByRole(AriaRole.Option)).ToHaveTextAsync(["Find a family: groups"]);
        await page.Keyboard.PressAsync("ControlOrMeta+a");
        await page.Keyboard.TypeAsync("valid");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(Chosen(palette)).ToHaveTextAsync("Find a family: valid");
        await page.Keyboard.PressAsync("ArrowUp");
        await Expect(Chosen(palette)).ToHaveTextAsync("Validation");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Inter-Account Validation" })).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("?");
        await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Keys" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Without_script_the_field_of_the_header_searches_as_well()
    {
        await using var ruben = await portal.Visitor(scripts: false);
        await ruben.Page.GotoAsync("/sign-in?provider=google&login_hint=root-user@bluedolphin.example");

        await ruben.Page.GetByLabel("Find a family").FillAsync("(512) 555-0102");
        await ruben.Page.GetByRole(AriaRole.Button, new() { Name = "Find families" }).ClickAsync();

        await Expect(ruben.Page.GetByLabel("Phone", new() { Exact = true })).ToHaveValueAsync("(512) 555-0102");
        await Expect(new FamilySearchPage(ruben.Page).Results).Not.ToHaveCountAsync(0);
    }

    static async Task<ILocator> Open(IPage page)
    {
        await page.Keyboard.PressAsync("ControlOrMeta+k");
        var palette = page.GetByRole(AriaRole.Dialog, new() { Name = "Go to" });
        await Expect(palette.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();
        return palette;
    }

    static ILocator Chosen(ILocator palette) => palette.GetByRole(AriaRole.Option, new() { Selected = true });
}
