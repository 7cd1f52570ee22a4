using EnterprisePortal.Tests.EndToEnd.Pages;
using EnterprisePortal.Tests.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace EnterprisePortal.Tests.EndToEnd;

/// <summary>A piece of a working day: sign in, find a family, open it in its account, come back, run a report, sign out.</summary>
public sealed class JourneyTests(Portal portal)
{
    [Fact]
    public async Task With_the_keyboard_alone()
    {
        await using var rosa = await portal.Visitor();
        var page = rosa.Page;
        await page.GotoAsync("/");
        await Press(page, page.GetByRole(AriaRole.Link, new() { Name = "Continue with Google" }));
        await Press(page, page.GetByRole(AriaRole.Link, new() { Name = "Rosa Admin" }));
        await Expect(Heading(page, "Home")).ToBeFocusedAsync();

        await Go(page, "holloway", "Find a family: holloway");
        await Expect(Heading(page, "Family Search")).ToBeVisibleAsync();
        var office = await page.Context.RunAndWaitForPageAsync(() => Press(page, Key(page)));
        await Expect(office.Locator(".entered-bar")).ToContainTextAsync("as Rosa Admin");
        await Press(office, office.GetByRole(AriaRole.Button, new() { Name = "Leave" }));
        await Expect(Heading(office, "Home")).ToBeVisibleAsync();
        await office.CloseAsync();

        await Go(page, "fin-2", "Bank Deposit");
        await Press(page, page.GetByRole(AriaRole.Button, new() { Name = "Run FIN-2" }));
        await Expect(new RunPage(page).Total).ToContainTextAsync("$", new() { Timeout = 60_000 });

        await Press(page, Menu(page));
        await Press(page, SignOut(page));
        await Expect(Heading(page, "You are signed out")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task By_touch_on_a_phone()
    {
        await using var rosa = await portal.Visitor(phone: true);
        var page = rosa.Page;
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Continue with Google" }).TapAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Rosa Admin" }).TapAsync();
        await Expect(Heading(page, "Home")).ToBeVisibleAsync();

        await page.GetByLabel("Find a family").FillAsync("holloway");
        await page.GetByRole(AriaRole.Button, new() { Name = "Find families" }).TapAsync();
        var office = await page.Context.RunAndWaitForPageAsync(() => Key(page).TapAsync());
        await Expect(office.Locator(".entered-bar")).ToContainTextAsync("as Rosa Admin");
        await office.GetByRole(AriaRole.Button, new() { Name = "Leave" }).TapAsync();
        await Expect(Heading(office, "Home")).ToBeVisibleAsync();
        await office.CloseAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Menu", Exact = true }).TapAsync();
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Sections" })
            .GetByRole(AriaRole.Link, new() { Name = "Generated Reports" }).TapAsync();
        await Expect(Heading(page, "Generated Reports")).ToBeVisibleAsync();
        await page.GotoAsync("/generated-reports/new?report=FIN-2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run FIN-2" }).TapAsync();
        await Expect(new RunPage(page).Total).ToContainTextAsync("$", new() { Timeout = 60_000 });

        await Menu(page).TapAsync();
        await SignOut(page).TapAsync();
        await Expect(Heading(page, "You are signed out")).ToBeVisibleAsync();
    }

    static ILocator Heading(IPage page, string name) => page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true });

    static ILocator Key(IPage page) => page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Open in .*: .*Holloway") }).First;

    static ILocator Menu(IPage page) => page.GetByRole(AriaRole.Button, new() { NameRegex = new(": your menu$") });

    static ILocator SignOut(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Sign out" });

    /// <summary>Through the palette, to its first answer.</summary>
    static async Task Go(IPage page, string typed, string answer)
    {
        await page.Keyboard.PressAsync("ControlOrMeta+k");
        var palette = page.GetByRole(AriaRole.Dialog, new() { Name = "Go to" });
        await Expect(palette.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(typed);
        await Expect(palette.GetByRole(AriaRole.Option, new() { Selected = true })).ToContainTextAsync(answer);
        await page.Keyboard.PressAsync("Enter");
    }

    /// <summary>Tab by tab, as a person without a mouse gets there.</summary>
    static async Task Press(IPage page, ILocator target)
    {
        await target.WaitForAsync();
        for (var tab = 0; tab < 150 && !await target.EvaluateAsync<bool>("element => element === document.activeElement"); tab++)
            await page.Keyboard.PressAsync("Tab");
        await Expect(target).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
    }
}
