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

}
