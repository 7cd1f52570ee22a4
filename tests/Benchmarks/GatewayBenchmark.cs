using System.Diagnostics;
using System.Net.Mime;
using System.Security.Claims;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Yarp.ReverseProxy.Configuration;

namespace EnterprisePortal.Benchmarks;

/// <summary>One answer of a service through bare YARP and through the gateway with a browser's session, taking turns; all in this
/// process.</summary>
static class GatewayBenchmark
{
    const int Clients = 8, Rounds = 5;
    const string Path = "/api/search/families?name=smith";
    static readonly TimeSpan Round = TimeSpan.FromSeconds(4);

    public static async Task Run()
    {
        await using var world = await World.Start(_ => TimeSpan.Zero);
        var answer = new byte[4096];
        Array.Fill(answer, (byte)' ');
        await using var service = await Listening(
            app => app.MapGet("/api/search/families", () => TypedResults.Bytes(answer, MediaTypeNames.Application.Json)));
        await using var yarp = await Listening(app => app.MapReverseProxy(), builder => builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "search", ClusterId = "search", Match = new() { Path = "/api/search/{**rest}" } }],
            [new ClusterConfig { ClusterId = "search", Destinations = new Dictionary<string, DestinationConfig>
                { ["search"] = new() { Address = service.Urls.Single() } } }]));
        await using var gateway = world.StartGateway(new(service.Urls.Single()));
        using var direct = new HttpClient { BaseAddress = new(service.Urls.Single()) };
        using var bare = new HttpClient { BaseAddress = new(yarp.Urls.Single()) };
        using var portal = new HttpClient
            { BaseAddress = gateway.ClientOptions.BaseAddress, DefaultRequestHeaders = { { "Cookie", await Cookie(gateway.Services) } } };

        (string Name, HttpClient Http)[] ways = [("the service itself", direct), ("bare YARP", bare), ("gateway", portal)];
        foreach (var (_, http) in ways)
            await Ask(http, Round); // warm
        var answers = ways.ToDictionary(way => way.Name, _ => new List<double>());
        for (var round = 0; round < Rounds; round++)
            foreach (var (name, http) in ways)
                answers[name].Add(await Ask(http, Round));
        Table.Print($"Requests a second, {Clients} clients", ["", "requests/s", "of bare YARP"],
            ways.Select(way =>
                (string[])[way.Name, $"{answers[way.Name].At(.5):0}", $"{answers[way.Name].At(.5) / answers["bare YARP"].At(.5):0.00}"]));
    }

    /// <returns>Answers a second.</returns>
    static async Task<double> Ask(HttpClient http, TimeSpan time)
    {
        var began = Stopwatch.GetTimestamp();
        var each = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            var answers = 0;
            for (; Stopwatch.GetElapsedTime(began) < time; answers++)
                await http.GetByteArrayAsync(new Uri(Path, UriKind.Relative));
            return answers;
        })));
        return each.Sum() / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    static async Task<WebApplication> Listening(Action<WebApplication> map, Action<WebApplicationBuilder>? add = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        add?.Invoke(builder);
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        map(app);
        await app.StartAsync();
        return app;
    }

    /// <summary>Of somebody who has signed in a moment ago.</summary>
    static async Task<string> Cookie(IServiceProvider gateway)
    {
        var cookies = gateway.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(Gateway.Session.PortalSession.Scheme);
        var token = TestIdentity.TokenOf(World.Person);
        var properties = new AuthenticationProperties { ExpiresUtc = TimeProvider.System.GetUtcNow().AddHours(1) };
        properties.StoreTokens([new() { Name = "access_token", Value = token }, new() { Name = "refresh_token", Value = "unused" }, new()
            { Name = "expires_at", Value = $"{properties.ExpiresUtc:o}" }]);
        var key = await cookies.SessionStore!.StoreAsync(
            new(Principal(new JsonWebToken(token).Claims), properties, Gateway.Session.PortalSession.Scheme));
        return $"{cookies.Cookie.Name}={cookies.TicketDataFormat.Protect(new(Principal([new("Microsoft.AspNetCore.Authentication.Cookies-SessionId", key)]), new(), Gateway.Session.PortalSession.Scheme))}";
    }

    static ClaimsPrincipal Principal(IEnumerable<Claim> claims) => new(new ClaimsIdentity(claims, Gateway.Session.PortalSession.Scheme));
}
