using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace EnterprisePortal.Tests.EndToEnd.Support;

/// <summary>A person without a browser, like <c>curl -b jar -c jar</c>. Redirects are followed on request only.</summary>
public sealed class Caller(World world) : IDisposable
{
    readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
    {
        BaseAddress = world.Portal, Timeout = TimeSpan.FromSeconds(60)
    };

    public static async Task<Caller> SignedIn(World world, string email, string provider = "google")
    {
        var caller = new Caller(world);
        using var end = await caller.Follow($"/sign-in?provider={provider}&login_hint={email}");
        return caller;
    }

    public Task<HttpResponseMessage> Get(string address) =>
        Send(new(HttpMethod.Get, address) { Headers = { Accept = { new("text/html") } } });

    public async Task<JsonElement> Json(string address)
    {
        using var answer = await Send(new(HttpMethod.Get, address));
        Assert.True(answer.IsSuccessStatusCode, $"{address} answers {(int)answer.StatusCode}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public Task<HttpResponseMessage> Post(string address, object body) => Send(HttpMethod.Post, address, body);

    public Task<HttpResponseMessage> Patch(string address, object body) => Send(HttpMethod.Patch, address, body);

    public Task<HttpResponseMessage> Put(string address, object body) => Send(HttpMethod.Put, address, body);

    public Task<HttpResponseMessage> Delete(string address) => Send(HttpMethod.Delete, address, null);

    Task<HttpResponseMessage> Send(HttpMethod method, string address, object? body) =>
        Send(new(method, address) { Content = body is null ? null : JsonContent.Create(body), Headers = { { "X-CSRF", "1" } } });

    /// <summary>Through all redirects, or up to (but not to) the one whose address contains <paramref name="upTo"/>.</summary>
    public async Task<HttpResponseMessage> Follow(string address, string? upTo = null)
    {
        var answer = await Get(address);
        for (var here = new Uri(world.Portal, address); answer.Headers.Location is { } next; answer = await Get(here.ToString()))
        {
            here = new Uri(here, next);
            if (upTo is not null && here.AbsolutePath.Contains(upTo, StringComparison.Ordinal))
                break;
            answer.Dispose();
        }
        return answer;
    }

    readonly CookieContainer jar = new();

    async Task<HttpResponseMessage> Send(HttpRequestMessage request)
    {
        var address = new Uri(world.Portal, request.RequestUri!);
        if (jar.GetCookieHeader(address) is { Length: > 0 } cookies)
            request.Headers.Add("Cookie", cookies);
        var answer = await http.SendAsync(request);
        foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
            jar.SetCookies(address, cookie);
        return answer;
    }

    public void Dispose() => http.Dispose();
}
