using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace EnterprisePortal.Tests.Production.Support;

/// <summary>A person at home: reaches the proxy by https alone, and believes certificates of the company's authority only.</summary>
sealed class Person(Network network, Authority authority) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    readonly HttpClient http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseProxy = false, CookieContainer = new CookieContainer(),
        SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => authority.Issued(shown) },
        ConnectCallback = async (context, cancel) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Parse(network.AddressOf(context.DnsEndPoint.Host)), context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
    })
    { BaseAddress = new($"https://{Deployment.Portal}"), Timeout = Patience };

    public async Task<HttpResponseMessage> Get(string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Accept = { new("text/html") } } };
        return await http.SendAsync(request);
    }

    /// <summary>Through all redirects, from server to server.</summary>
    public async Task<HttpResponseMessage> Follow(string address)
    {
        var answer = await Get(address);
        for (var here = new Uri(http.BaseAddress!, address); answer.Headers.Location is { } next; answer = await Get(here.ToString()))
        {
            here = new Uri(here, next);
            answer.Dispose();
        }
        return answer;
    }

    public async Task<JsonElement> Json(string address)
    {
        using var answer = await http.GetAsync(new Uri(address, UriKind.Relative));
        Assert.True(answer.IsSuccessStatusCode, $"{address} answers {(int)answer.StatusCode}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public Task<HttpResponseMessage> Stream(string address, CancellationToken cancel) =>
        http.GetAsync(new Uri(address, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancel);

    public async Task<HttpResponseMessage> Send(HttpMethod method, string address, object? body = null)
    {
        using var request = new HttpRequestMessage(method, address) { Headers = { { "X-CSRF", "1" } } };
        request.Content = body is null ? null : JsonContent.Create(body);
        return await http.SendAsync(request);
    }

    public void Dispose() => http.Dispose();
}
