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
/// snapshot need different ones; any failure of the account becomes an <see cref="AccountUnavailable"/>. The client never retries: work
/// that must be repeated is a row or a message with a due time, which survives a restart, and its <see cref="Background.Backoff"/> says how
/// often.
/// </summary>
public sealed class AccountApiClient(IHttpClientFactory clients, ServiceTokens tokens, TimeProvider clock)
{
    internal const string Client = "account-api", Root = "/api/enterprise/v1/";

    /// <summary>
    /// The account whose system a request goes to, by code, for the request's span (<see cref="Observability.SpanNames"/>).
    /// </summary>
    internal static readonly HttpRequestOptionsKey<string> AskedAccount = new("portal.account");

    /// <summary>Puts several calls, or an answer that is read in pieces, under one deadline.</summary>
    /// <param name="call">The token it receives ends with the deadline.</param>
    public Task<T> Within<T>(TimeSpan deadline, Func<CancellationToken, Task<T>> call, CancellationToken cancel) =>
        AccountCall.Within(deadline, clock, call, cancel);

    /// <summary>GET; null where the account answers 404.</summary>
    /// <param name="path">Below <c>/api/enterprise/v1/</c>: <c>staff/portal-user%40bluedolphin.example</c>.</param>
    public Task<T?> Get<T>(AccountState account, string path, TimeSpan deadline, CancellationToken cancel) where T : class =>
        Within(deadline, token => Get<T>(account, path, token), cancel);

    /// <param name="deadline">A deadline shared by several calls that began together.</param>
    public Task<T?> Get<T>(AccountState account, string path, CancellationToken deadline, CancellationToken cancel) where T : class =>
        AccountCall.Before(token => Get<T>(account, path, token), AccountCall.Late, deadline, cancel);

    /// <summary>For use inside <see cref="Within"/>: the deadline is in <paramref name="cancel"/>.</summary>
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
    /// Any call; the caller reads the answer's stream and disposes of it. The deadline covers the answer only until its headers, and any
    /// 4xx other than 404, 409, 410 and 422 counts as unavailable.
    /// </summary>
    public Task<HttpResponseMessage> Send(
        AccountState account, HttpRequestMessage request, TimeSpan deadline, CancellationToken cancel) =>
        Within(deadline, token => Send(account, request, token), cancel);

    /// <summary>For use inside <see cref="Within"/>: the deadline is in <paramref name="cancel"/>.</summary>
    /// <param name="request">Its address is the path below <c>/api/enterprise/v1/</c>.</param>
    public async Task<HttpResponseMessage> Send(AccountState account, HttpRequestMessage request, CancellationToken cancel)
    {
        request.RequestUri = new($"{account.BaseUrl}{Root}{request.RequestUri!.OriginalString}");
        // All concurrent calls to one host share a connection where the host speaks HTTP/2 (TLS only).
        request.Version = HttpVersion.Version20;
        request.Options.Set(AskedAccount, account.Code);
        var token = await tokens.For(account.BaseUrl, AccountScopes.Api).WaitAsync(cancel);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var answer = await clients.CreateClient(Client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        return answer.StatusCode
            is HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.Gone or HttpStatusCode.UnprocessableEntity
            ? answer : Good(answer);
    }

    /// <summary>How the account answers an anonymous request for its restrictions: an account that guards them answers 401.</summary>
    public async Task<HttpStatusCode> AskAnonymously(string baseUrl, CancellationToken cancel)
    {
        var address = new Uri($"{baseUrl}{Root}restrictions");
        using var answer = await clients.CreateClient(Client).GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancel);
        return answer.StatusCode;
    }

    /// <exception cref="AccountUnavailable">The answer is not a success; it has been disposed of.</exception>
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
        // Includes an unknown charset, and content that is not compressed as its header says.
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
