using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace EnterprisePortal.Tests.Gateway;

/// <summary>Choosing an enterprise, and switching.</summary>
public class EnterpriseTests : IClassFixture<GatewayService>
{
    readonly GatewayService gateway;
    string? cookiesAtIdentity;

    public EnterpriseTests(GatewayService gateway)
    {
        this.gateway = gateway;
        gateway.Outbound.Answer("identity", async (request, cancel) => request.RequestUri!.AbsolutePath switch
        {
            "/connect/enterprises" =>
                Waiting(cookiesAtIdentity = request.Headers.TryGetValues("Cookie", out var cookies) ? string.Join("; ", cookies) : null),
            "/api/me/enterprises" => new(HttpStatusCode.OK)
            { Content = JsonContent.Create(new { items = Items(current: true), next = (string?)null }) },
            _ => await gateway.Identity(request, cancel)
        });
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_on_which_to_choose_shows_ones_enterprises_and_leads_back_to_the_request_that_waits()
    {
        var session = await gateway.SignIn(Demo.RootUser);

        var page = WebUtility.HtmlDecode(
            await gateway.Browser($"portal.identity.choice=somebody; {session}").GetStringAsync("/connect/enterprise", Cancel));

        Assert.Equal("portal.identity.choice=somebody", cookiesAtIdentity);
        Assert.Contains($"href=\"/connect/authorize?client_id=gateway&state=a&enterprise={Demo.TumbleTimeId}\"", page,
            StringComparison.Ordinal);
        Assert.Contains("<strong>Tumble Time Gymnastics</strong><span>Invited · User</span>", page, StringComparison.Ordinal);
        Assert.Contains("<strong>Blue Dolphin Swim Schools</strong><span>East · Admin</span>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_comes_to_that_page_without_having_signed_in_starts_again()
    {
        var answer = await gateway.Browser().GetAsync("/connect/enterprise", Cancel);

        Assert.Equal((HttpStatusCode.Redirect, "/sign-in/refused?reason=interrupted"),
            (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task Only_a_person_of_several_enterprises_is_offered_to_switch()
    {
        var of = await gateway.SignIn(Demo.EastUser);
        gateway.OfSeveral.Add(Demo.EastAdmin.Id);
        var several = await gateway.SignIn(Demo.EastAdmin);

        Assert.DoesNotContain("href=\"/switch\"", await gateway.Browser(of).GetStringAsync("/switch", Cancel), StringComparison.Ordinal);
        var page = await gateway.Browser(several).GetStringAsync("/switch", Cancel);
        Assert.Contains("href=\"/switch\"", page, StringComparison.Ordinal);
        Assert.Contains($"href=\"/sign-in?enterprise={Demo.TumbleTimeId}\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain($"enterprise={Demo.BlueDolphinId}", page, StringComparison.Ordinal);
        Assert.Contains("You are here", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_of_the_portal_itself_switches_and_one_from_elsewhere_asks_to_sign_in()
    {
        var session = await gateway.SignIn(Demo.EastAdmin);
        var (own, mail) = (gateway.Browser(session), gateway.Browser(session));
        own.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        mail.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");

        var away = QueryHelpers.ParseQuery(
            (await own.GetAsync($"/sign-in?enterprise={Demo.TumbleTimeId}", Cancel)).Headers.Location!.Query);
        var page = await mail.GetAsync($"/sign-in?enterprise={Demo.TumbleTimeId}", Cancel);

        Assert.Equal(($"{Demo.TumbleTimeId}", false, false),
            (away["enterprise"].ToString(), away.ContainsKey("provider"), away.ContainsKey("login_hint")));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains($"href=\"/sign-in?provider=google&amp;enterprise={Demo.TumbleTimeId}\"",
            await page.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_names_the_enterprise_when_it_signs_in()
    {
        var away = await gateway.Browser()
            .GetAsync("/sign-in?provider=google&login_hint=a@example.com&enterprise=Tumble+Time+Gymnastics", Cancel);

        Assert.Equal("Tumble Time Gymnastics", QueryHelpers.ParseQuery(away.Headers.Location!.Query)["enterprise"]);
    }

    static HttpResponseMessage Waiting(string? cookies)
    {
        if (cookies?.Contains("portal.identity.choice=", StringComparison.Ordinal) != true)
            return new(HttpStatusCode.NotFound);
        return new(HttpStatusCode.OK)
        {
            Content = JsonContent.Create(new Dictionary<string, object>
            {
                ["continue"] = "/connect/authorize?client_id=gateway&state=a",
                ["items"] = Items(current: false)
            })
        };
    }

    static object[] Items(bool current) =>
    [
        new { id = Demo.BlueDolphinId, name = "Blue Dolphin Swim Schools", level = "admin",
            group = new { id = Demo.EastId, name = "East" }, status = "active", current },
        new { id = Demo.TumbleTimeId, name = "Tumble Time Gymnastics", level = "user",
            group = new { id = Demo.TumbleTimeId, name = "Tumble Time Gymnastics" }, status = "invited", current = false }
    ];
}
