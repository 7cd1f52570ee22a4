using System.Diagnostics;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EnterprisePortal.Tests.EndToEnd.Pages;
using EnterprisePortal.Tests.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace EnterprisePortal.Tests.EndToEnd;

/// <summary>Nothing else runs meanwhile: how long it took is in the test's output.</summary>
[Collection(nameof(Alone))]
public sealed class RevocationTests(Portal portal)
{
    const string Email = "vera@bluedolphin.example", Verifier = "a-verifier-of-at-least-forty-three-characters-in-all";

    [Fact]
    public async Task A_suspended_person_is_out_of_the_portal_of_an_account_and_of_every_service()
    {
        using var rosa = await portal.Caller("root-admin@bluedolphin.example");
        var group = (await rosa.Json("/api/me")).GetProperty("group").GetProperty("id").GetString();
        using var invited = await rosa.Post(
            "/api/users", new { email = Email, name = "Vera User", level = "user", group, provider = "google" });
        var id = (await invited.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("id")
            .GetString();
        await using var vera = await portal.SignedIn(Email);
        var office = await new AccountsPage(vera.Page).Enter("Blue Dolphin Tampa");
        await Expect(office.RedBar).ToContainTextAsync("Vera User");
        using var bearer = new HttpClient
            { BaseAddress = portal.World.Portal, DefaultRequestHeaders = { Authorization = new("Bearer", await AccessToken(vera.Page)) } };
        foreach (var service in Services)
            Assert.Equal((service, 200), (service, await Status(bearer, service)));

        var began = Stopwatch.GetTimestamp();
        using var suspended = await rosa.Patch($"/api/users/{id}", new { status = "suspended" });

        Assert.Equal(200, (int)suspended.StatusCode);
        // Told apart and all at once: none waits for another.
        await Task.WhenAll(
        [
            Out("The open portal page left for the sign-in", () =>
                Task.FromResult(vera.Page.Url.Contains("/sign-in", StringComparison.Ordinal))),
            Out("The account's next page is refused", async () =>
                (await office.Tab.APIRequest.GetAsync(new Uri(portal.World.Office, "bluedolphin-tampa/families").ToString(), new()
                    { MaxRedirects = 0 })).Status != 200),
            .. Services.Select(
                service => Out($"A token copied before is refused at {service}", async () => await Status(bearer, service) == 401))
        ]);
        await office.Tab.ReloadAsync();
        await Expect(office.RedBar).Not.ToBeVisibleAsync();
        await Expect((await Again(vera)).GetByRole(AriaRole.Alert)).ToContainTextAsync("Your access to the portal is suspended");

        async Task Out(string what, Func<Task<bool>> isOut)
        {
            await Wait.Eventually(isOut, $"Never came true: {what}.");
            TestContext.Current.TestOutputHelper?.WriteLine($"{what} after {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms.");
        }
    }

    static readonly string[] Services =
        ["/api/me", "/api/accounts", "/api/search/families?name=smith", "/api/sync/accounts", "/api/reports/runs", "/api/validation/levels",
            "/api/audit"];

    static async Task<int> Status(HttpClient caller, string address) =>
        (int)(await caller.GetAsync(new Uri(address, UriKind.Relative))).StatusCode;

    static async Task<IPage> Again(Visitor visitor)
    {
        await visitor.Page.GotoAsync($"/sign-in?provider=google&login_hint={Email}");
        return visitor.Page;
    }

    /// <summary>As a program of the person's own gets one: the development client, code and PKCE, over the session that the browser
    /// has.</summary>
    async Task<string> AccessToken(IPage page)
    {
        const string Back = "http://127.0.0.1:65000/callback";
        var challenge = Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))).TrimEnd('=').Replace('+', '-')
            .Replace('/', '_');
        var sent = await page.APIRequest.GetAsync(
            $"/connect/authorize?client_id=portal-cli&response_type=code&scope=openid&redirect_uri={Uri.EscapeDataString(Back)}&code_challenge={challenge}&code_challenge_method=S256&state=s", new() { MaxRedirects = 0 });
        Assert.StartsWith(Back, sent.Headers["location"], StringComparison.Ordinal);
        var code = System.Web.HttpUtility.ParseQueryString(new Uri(sent.Headers["location"]).Query)["code"]!;
        using var http = new HttpClient { BaseAddress = portal.World.Portal };
        using var answer = await http.PostAsync(new Uri("/connect/token", UriKind.Relative), new FormUrlEncodedContent(
        [
            new("grant_type", "authorization_code"), new("client_id", "portal-cli"), new("code", code), new("redirect_uri", Back),
            new("code_verifier", Verifier)
        ]));
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }
}
