using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using EnterprisePortal.Tests.Production;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Gateway;

public partial class CompressionTests(ProductionGateway gateway) : IClassFixture<ProductionGateway>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("br", "/family-search"), InlineData("gzip", "/family-search"), InlineData("gzip, br", "/family-search")]
    [InlineData("br", "/no-such-page"), InlineData("br", "/palette")]
    public async Task A_page_is_sent_compressed_as_the_browser_likes_it(string accepts, string address)
    {
        var signedIn = await gateway.SignIn(Demo.RootAdmin);
        var plain = await Ask(address, signedIn);

        var answer = await Ask(address, signedIn, ("Accept-Encoding", accepts));

        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.Equal(accepts.Split(", ")[^1], answer.Content.Headers.ContentEncoding.Single());
        var (sent, whole) = (await answer.Content.ReadAsByteArrayAsync(Cancel), await plain.Content.ReadAsStringAsync(Cancel));
        Assert.InRange(sent.Length, 100, whole.Length / 2);
        Assert.EndsWith(whole[^20..], await Read(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("same-origin", true), InlineData("none", true), InlineData("cross-site", false), InlineData("same-site", false)]
    public async Task No_other_site_learns_from_a_length_what_a_page_says(string site, bool compressed)
    {
        var answer = await Ask("/family-search?name=Holloway", await gateway.SignIn(Demo.RootAdmin),
            ("Accept-Encoding", "br"), ("Sec-Fetch-Site", site));

        Assert.Equal(compressed ? ["br"] : [], answer.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task What_is_only_passed_on_and_what_is_live_arrives_at_once_and_as_it_is()
    {
        gateway.Outbound.Answer("identity", (request, cancel) => request.RequestUri!.AbsolutePath == "/connect/page"
            ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent(new string('x', 10_000), Encoding.UTF8, "text/html")
            })
            : gateway.Identity(request, cancel));
        var forwarded = await Ask("/connect/page", null, ("Accept-Encoding", "br"));

        var live = await Ask("/session-events", await gateway.SignIn(Demo.RootAdmin), ("Accept-Encoding", "br"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (forwarded.StatusCode, live.StatusCode));
        Assert.Empty(forwarded.Content.Headers.ContentEncoding);
        Assert.Equal(["identity"], live.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task A_browser_loads_scripts_and_style_sheets_once_for_each_version_and_compressed()
    {
        var page = await gateway.Browser().GetStringAsync("/sign-in", Cancel);
        var files = Files().Matches(page).Select(file => file.Groups[1].Value).ToList();

        Assert.Superset(new HashSet<string> { "portal.css", "tokens.css", "portal.js", "palette.js", "blazor.web.js", "icon.svg" },
            files.Select(file => Fingerprint().Replace(file[(file.LastIndexOf('/') + 1)..], ".")).ToHashSet());
        foreach (var file in files)
        {
            var answer = await Ask("/" + file, null, ("Accept-Encoding", "gzip, br"));
            Assert.Equal((file, "max-age=31536000, immutable"), (file, answer.Headers.CacheControl?.ToString()));
            Assert.NotEmpty(answer.Content.Headers.ContentEncoding);
        }
    }

    async Task<HttpResponseMessage> Ask(string address, string? cookie, params (string, string)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await gateway.Browser(cookie).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
    }

    static async Task<string> Read(HttpResponseMessage answer)
    {
        var sent = await answer.Content.ReadAsStreamAsync(Cancel);
        await using var plain = answer.Content.Headers.ContentEncoding.Single() == "br"
            ? (Stream)new BrotliStream(sent, CompressionMode.Decompress) : new GZipStream(sent, CompressionMode.Decompress);
        return await new StreamReader(plain).ReadToEndAsync(Cancel);
    }

    [GeneratedRegex("(?:href|src)=\"([^\"]+\\.(?:css|js|svg))\"")]
    private static partial Regex Files();

    [GeneratedRegex("\\.[a-z0-9]{10}\\.")]
    private static partial Regex Fingerprint();
}
