using EnterprisePortal.Tests.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace EnterprisePortal.Tests.EndToEnd;

/// <summary>In the other enterprise of the demo world, whose header no other test looks at.</summary>
public sealed class BrandTests(Portal portal)
{
    [Fact]
    public async Task An_Admin_gives_the_portal_the_name_and_color_of_their_enterprise_if_people_can_read_it()
    {
        await using var tara = await portal.SignedIn("root-admin@tumbletime.example");
        await tara.Page.GotoAsync("/brand");
        var (name, color) = (tara.Page.GetByLabel("Name shown"), tara.Page.GetByLabel("Accent color"));
        var header = tara.Page.GetByRole(AriaRole.Banner).GetByRole(AriaRole.Link, new() { Name = "home" });

        await name.FillAsync("Tumble & Time");
        await color.FillAsync("#ffee00");
        await Save();
        await Expect(color).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(header).Not.ToContainTextAsync("Tumble & Time");

        await color.FillAsync("#7a1fa2");
        await Save();
        await HeaderSays("Tumble & Time");
        // Away from the button, which is darker under the mouse.
        await tara.Page.Mouse.MoveAsync(0, 0);
        await Expect(tara.Page.GetByRole(AriaRole.Button, new() { Name = "Save" })).ToHaveCSSAsync("background-color", "rgb(122, 31, 162)");
        Assert.Equal("", string.Join('\n', await tara.Page.Faults()));

        await using var rosa = await portal.SignedIn("root-admin@bluedolphin.example");
        await Expect(rosa.Page.GetByRole(AriaRole.Banner)).Not.ToContainTextAsync("Tumble & Time");

        await name.FillAsync("");
        await color.FillAsync("");
        await Save();
        await HeaderSays("Enterprise Portal");

        // The gateway hears of it a moment later.
        async Task HeaderSays(string words)
        {
            await Expect(tara.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Saved." })).ToBeVisibleAsync();
            await Wait.Eventually(async () =>
            {
                await tara.Page.GotoAsync("/brand");
                return (await header.TextContentAsync())!.Contains(words, StringComparison.Ordinal);
            }, $"The header does not say {words}.");
        }

        Task Save() => tara.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
    }
}
