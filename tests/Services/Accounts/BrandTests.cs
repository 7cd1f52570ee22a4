using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.Pages;

namespace EnterprisePortal.Tests.Accounts;

public class BrandTests(AccountsService accounts) : IClassFixture<AccountsService>
{
    static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];

    [Fact]
    public async Task A_name_and_a_color_reach_every_service_and_are_in_the_log()
    {
        var admin = accounts.SignedInAs(accounts.RootAdmin);

        var set = await Change(admin, new { name = " Dolphins ", accent = "#0B6B61" });

        Assert.Equal(("Blue Dolphin Swim Schools", "Dolphins", "#0b6b61"), (set.Enterprise, set.Name, set.Accent));
        await accounts.Published<DirectoryChanged>(it => it.Brand == new Brand("Dolphins", "#0b6b61", null));
        var logged = await accounts.Published<ActivityRecorded>(it => it is { Action: "brand.changed", Subject: "Dolphins" });
        Assert.Equal("Rosa Admin", logged.Person.Name);

        Assert.Equal(new(set.Enterprise, null, "#0b6b61", null), await Change(admin, new { name = "" }));
        Assert.Equal(new(set.Enterprise, null, null, null), await Change(admin, new { accent = "" }));
    }

    [Theory]
    [InlineData("#93b1ff", "Text cannot be read with this color: its contrast is 1.9, and 4.5 is the least. Choose a darker one.")]
    [InlineData("#777777", "Text cannot be read with this color: its contrast is 4.0, and 4.5 is the least. Choose a darker one.")]
    [InlineData("blue", "A color is a # and six of 0–9 and a–f, such as #2b57c9.")]
    [InlineData("#2b57cg", "A color is a # and six of 0–9 and a–f, such as #2b57c9.")]
    public async Task A_color_on_which_text_cannot_be_read_is_refused_in_words(string color, string words)
    {
        var answer = await accounts.SignedInAs(accounts.RootAdmin).PatchAsJsonAsync("/api/brand", new { accent = color });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(words, (await answer.Content.ReadFromJsonAsync<ValidationProblem>())!.Errors["accent"].Single());
    }

    [Fact]
    public void Every_color_that_is_accepted_can_be_read_on_dark_pages_too()
    {
        var accepted = 0;
        for (var bits = 0; bits < 1 << 24; bits += 4099)
        {
            var accent = Accent.Read($"#{bits:x6}")!;
            if (accent.IsReadable)
                accepted++;
            Assert.InRange(Accent.Rgb.Read("#22262d")!.ContrastWith(accent.Dark), Accent.Least, 21);
            Assert.InRange(Accent.Rgb.Read("#0f1830")!.ContrastWith(accent.Dark), Accent.Least, 21);
        }
        Assert.InRange(accepted, 100, 4000);
        Assert.Equal(21, Accent.Rgb.Read("#000000")!.ContrastWith(Accent.Rgb.Read("#ffffff")!), 2);
    }

    [Fact]
    public async Task A_logo_is_shown_to_everybody_as_an_image_and_nothing_else_and_another_one_has_another_address()
    {
        var (admin, stranger) = (accounts.SignedInAs(accounts.RootAdmin), accounts.Anonymous());

        var first = (await Change(admin, new { logo = Png })).Logo!.Value;
        Assert.Equal(first, (await Change(admin, new { logo = Png })).Logo);
        var shown = await stranger.GetAsync($"/logos/{first}");
        var second = (await Change(admin, new { logo = (byte[])[.. Png, 4] })).Logo!.Value;

        Assert.Equal(Png, await shown.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", shown.Content.Headers.ContentType?.ToString());
        Assert.Equal(("nosniff", "default-src 'none'; sandbox"),
            (shown.Headers.GetValues("X-Content-Type-Options").Single(), shown.Headers.GetValues("Content-Security-Policy").Single()));
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/logos/{first}")).StatusCode);
        Assert.Null((await Change(admin, new { logo = Array.Empty<byte>() })).Logo);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/logos/{second}")).StatusCode);
    }

    [Fact]
    public async Task What_is_no_picture_or_too_large_is_no_logo()
    {
        var admin = accounts.SignedInAs(accounts.RootAdmin);

        foreach (var (image, words) in new[]
        {
            ("<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(), "This is not a PNG, JPEG or WebP image."),
            ([.. Png, .. new byte[100 * 1024]], "A logo has 100 KB at most.")
        })
        {
            var answer = await admin.PatchAsJsonAsync("/api/brand", new { logo = image });
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal(words, (await answer.Content.ReadFromJsonAsync<ValidationProblem>())!.Errors["logo"].Single());
        }
    }

    sealed record ValidationProblem(Dictionary<string, string[]> Errors);

    static async Task<BrandItem> Change(HttpClient admin, object change) =>
        (await (await admin.PatchAsJsonAsync("/api/brand", change)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<BrandItem>())!;
}
