using System.Net;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Gateway;

public class BrandTests(GatewayService gateway) : IClassFixture<GatewayService>
{
    static readonly Guid Logo = Guid.CreateVersion7();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task People_see_the_name_the_logo_and_the_color_of_their_enterprise_and_of_no_other()
    {
        await gateway.Given(Demo.BlueDolphin with { Brand = new("Dolphins & Co", "#0b6b61", Logo) }, Demo.TumbleTime);

        var page = await gateway.Browser(await gateway.SignIn(Demo.EastUser)).GetStringAsync("/family-search", Cancel);
        var other = await gateway.Browser(await gateway.SignIn(Demo.TumbleAdmin)).GetStringAsync("/family-search", Cancel);

        Assert.Contains("aria-label=\"Dolphins &amp; Co, Enterprise Portal, home\"", page, StringComparison.Ordinal);
        Assert.Contains($"<img class=\"logo\" src=\"/logos/{Logo}\" alt", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/accents/0b6b61.css\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Dolphins", other, StringComparison.Ordinal);
        Assert.DoesNotContain("/accents/", other, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_signing_in_it_is_known_from_an_invitation_or_from_last_time_and_never_by_trying_names()
    {
        await gateway.Given(Demo.BlueDolphin with { Brand = new("Dolphins", null, null) });
        var said = "To the Enterprise Portal of Dolphins,";

        Assert.Contains(said, await SignIn($"?enterprise={Demo.BlueDolphinId}"), StringComparison.Ordinal);
        Assert.DoesNotContain(said, await SignIn($"?enterprise={Demo.EastId}"), StringComparison.Ordinal);
        Assert.DoesNotContain(said, await SignIn("?enterprise=Blue+Dolphin+Swim+Schools"), StringComparison.Ordinal);
        Assert.DoesNotContain(said, await SignIn(""), StringComparison.Ordinal);
        Assert.Contains(said, await SignIn("", $"portal.enterprise={Demo.BlueDolphinId}"), StringComparison.Ordinal);

        Task<string> SignIn(string query, string? cookie = null) => gateway.Browser(cookie).GetStringAsync("/sign-in" + query, Cancel);
    }

    [Fact]
    public async Task A_color_is_a_style_sheet_and_what_is_none_or_cannot_be_read_is_not_there()
    {
        var answer = await gateway.Browser().GetAsync("/accents/0b6b61.css", Cancel);

        Assert.Equal("text/css", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("--accent: light-dark(#0b6b61, #", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        foreach (var none in (string[])["93b1ff", "x", "0b6b6;"])
            Assert.Equal(HttpStatusCode.NotFound, (await gateway.Browser().GetAsync($"/accents/{none}.css", Cancel)).StatusCode);
    }
}
