using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EnterprisePortal.ServiceDefaults.AccountApi;

/// <summary>
/// The one way to call an account system (docs/account-api.md). Each call is given its deadline, since a ringing phone and a nightly
/// snapshot want different ones; whatever goes wrong at the account becomes an <see cref="AccountUnavailable"/>. Repeating a call is not
/// for the client: what has to be repeated is a row or a message with a due time, which survives a restart, and says how often by its
/// <see cref="Background.Backoff"/>.
/// </summary>
public sealed class AccountApiClient(IHttpClientFactory clients, ServiceTokens tokens, TimeProvider clock)
{
    internal const string Client = "account-api", Root = "/api/enterprise/v1/";

    /// <summary>Whose code it is that the request goes to, for its span (<see cref="Observability.SpanNames"/>).</summary>
    internal static readonly HttpRequestOptionsKey<string> Asked = new("portal.account");

    /// <summary>For several calls, or an answer that is read piece by piece, under one deadline.</summary>
    /// <param name="call">Its token ends with the deadline.</param>
    public Task<T> Within<T>(TimeSpan deadline, Func<CancellationToken, Task<T>> call, CancellationToken cancel) =>
        AccountCall.Within(deadline, clock, call, cancel);

    /// <summary>GET; null where the account answers 404.</summary>
    /// <param name="path">Below <c>/api/enterprise/v1/</c>: <c>staff/portal-user%40bluedolphin.example</c>.</param>
    public Task<T?> Get<T>(AccountState account, string path, TimeSpan deadline, CancellationToken cancel) where T : class =>
        Within(deadline, token => Get<T>(account, path, token), cancel);

    /// <param name="deadline">Of many calls that began together.</param>
    public Task<T?> Get<T>(AccountState account, string path, CancellationToken deadline, CancellationToken cancel) where T : class =>
        AccountCall.Before(token => Get<T>(account, path, token), AccountCall.Late, deadline, cancel);

    /// <summary>The same <see cref="Within"/> a deadline of the caller's.</summary>
    public async Task<T?> Get<T>(AccountState account, string path, CancellationToken cancel) where T : class
    {
        using var answer = await Send(account, new(HttpMethod.Get, path), cancel);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : await Read<T>(answer, cancel);
    }

    public Task<T> Post<T>(AccountState account, string path, object body, TimeSpan deadline, CancellationToken cancel) where T : class =>
        Within(deadline, async token =>
        {
            using var answer = Good(await Send(account, new(HttpMethod.Post, path) { Content = JsonContent.Create(body) }, token));
            return await Read<T>(answer, token);
        }, cancel);

    public Task Put(AccountState account, string path, object body, TimeSpan deadline, CancellationToken cancel) =>
        Within(deadline, async token =>
        {
            using var answer = Good(await Send(account, new(HttpMethod.Put, path) { Content = JsonContent.Create(body) }, token));
            return answer.StatusCode;
        }, cancel);

    /// <summary>
    /// Any call; the caller reads the answer's stream and disposes of it. The deadline is that of its beginning, and 4xx other than 404,
    /// 409, 410 and 422 count as unavailable.
    /// </summary>
    public Task<HttpResponseMessage> Send(
        AccountState account, HttpRequestMessage request, TimeSpan deadline, CancellationToken cancel) =>
        Within(deadline, token => Send(account, request, token), cancel);

    /// <summary>The same <see cref="Within"/> a deadline of the caller's.</summary>
    /// <param name="request">Its address is the path below <c>/api/enterprise/v1/</c>.</param>
    public async Task<HttpResponseMessage> Send(AccountState account, HttpRequestMessage request, CancellationToken cancel)
    {
        request.RequestUri = new($"{account.BaseUrl}{Root}{request.RequestUri!.OriginalString}");
        // One connection for all that is asked of a host at once, where it speaks HTTP/2 (TLS only).
        request.Version = HttpVersion.Version20;
        request.Options.Set(Asked, account.Code);
        var token = await tokens.For(account.BaseUrl, AccountScopes.Api).WaitAsync(cancel);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var answer = await clients.CreateClient(Client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        return answer.StatusCode
            is HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.Gone or HttpStatusCode.UnprocessableEntity
            ? answer : Good(answer);
    }

    /// <summary>What the account says to a stranger who asks for its restrictions: 401 where it guards what it has.</summary>
    public async Task<HttpStatusCode> Knock(string baseUrl, CancellationToken cancel)
    {
        var address = new Uri($"{baseUrl}{Root}restrictions");
        using var answer = await clients.CreateClient(Client).GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancel);
        return answer.StatusCode;
    }

    /// <exception cref="AccountUnavailable">The answer is not a success; it is disposed of.</exception>
    public static HttpResponseMessage Good(HttpResponseMessage answer)
    {
        if (answer.IsSuccessStatusCode)
            return answer;
        answer.Dispose();
        throw answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? new AccountUnavailable("The account refused the portal. Check its pairing.")
            : new AccountUnavailable($"The account answered with an error ({(int)answer.StatusCode}).");
    }

    public static async Task<T> Read<T>(HttpResponseMessage answer, CancellationToken cancel) where T : class
    {
        try
        {
            return await answer.Content.ReadFromJsonAsync<T>(JsonSerializerOptions.Web, cancel) ?? throw new JsonException("null");
        }
        // Also a charset that nobody knows, and what is not compressed as it says.
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException or InvalidDataException)
        {
            throw new AccountUnavailable("The account sent something that is not an answer.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new AccountUnavailable("The account's answer broke off.", e);
        }
    }
}

public static class AccountApiExtensions
{
    public static WebApplicationBuilder AddAccountApi(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient(ServiceTokens.Client, http => http.BaseAddress = new("https+http://identity"));
#pragma warning disable EXTEXP0001 // RemoveAllResilienceHandlers: the callers' own deadlines are the resilience here.
        builder.Services.AddHttpClient(AccountApiClient.Client, http => http.Timeout = Timeout.InfiniteTimeSpan)
            .RemoveAllResilienceHandlers()
            .RemoveAllLoggers() // Addresses carry callers' numbers.
            .ConfigurePrimaryHttpMessageHandler(() => PublicAddresses.Handler(builder.Environment.IsDevelopment()));
#pragma warning restore EXTEXP0001
        builder.AddSettings<PortalClientOptions>("Portal");
        builder.Services.AddSingleton<ServiceTokens>();
        builder.Services.AddSingleton<AccountApiClient>();
        return builder;
    }
}
