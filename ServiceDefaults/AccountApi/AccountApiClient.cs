using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Polly;

namespace EnterprisePortal.ServiceDefaults.AccountApi;

/// <summary>
/// The one way to call an account system (docs/account-api.md). Deadlines and retries are the caller's, since a ringing phone
/// and a nightly snapshot want different ones; whatever goes wrong at the account becomes an <see cref="AccountUnavailable"/>.
/// </summary>
public sealed class AccountApiClient(IHttpClientFactory clients, ServiceTokens tokens)
{
    internal const string Client = "account-api";
    public const string Path = "/api/enterprise/v1/";

    /// <summary>Whose code it is that the request goes to, for its span (<see cref="Observability.SpanNames"/>).</summary>
    internal static readonly HttpRequestOptionsKey<string> Asked = new("portal.account");

    /// <summary>GET; null where the account answers 404.</summary>
    /// <param name="path">Below <see cref="Path"/>: <c>staff/portal-user%40bluedolphin.example</c>.</param>
    public async Task<T?> Get<T>(AccountState account, string path, CancellationToken cancel) where T : class
    {
        using var answer = await Send(account, new(HttpMethod.Get, account.BaseUrl + Path + path), cancel);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : await Read<T>(answer, cancel);
    }

    /// <summary>Any call; the caller reads the answer's stream and disposes of it. 4xx other than 404, 409, 410 and 422 count as unavailable.</summary>
    public async Task<HttpResponseMessage> Send(AccountState account, HttpRequestMessage request, CancellationToken cancel)
    {
        try
        {
            // One connection for all that is asked of a host at once, where it speaks HTTP/2 (TLS only).
            request.Version = HttpVersion.Version20;
            request.Options.Set(Asked, account.Code);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await tokens.For(account.BaseUrl, AccountScopes.Api).WaitAsync(cancel));
            var answer = await clients.CreateClient(Client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            if (answer.IsSuccessStatusCode || answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.Gone or HttpStatusCode.UnprocessableEntity)
                return answer;
            answer.Dispose();
            throw answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                ? new AccountUnavailable("The account refused the portal. Check its pairing.")
                : new AccountUnavailable($"The account answered with an error ({(int)answer.StatusCode}).");
        }
        catch (Exception e) when (e is HttpRequestException or ExecutionRejectedException)
        {
            throw new AccountUnavailable("The account did not answer.", e);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new AccountUnavailable("The account did not answer in time.", e);
        }
    }

    /// <summary>What the account says to a stranger who asks for its restrictions: 401 where it guards what it has.</summary>
    public async Task<HttpStatusCode> Knock(string baseUrl, CancellationToken cancel)
    {
        try
        {
            using var answer = await clients.CreateClient(Client).GetAsync(new Uri($"{baseUrl}{Path}restrictions"), HttpCompletionOption.ResponseHeadersRead, cancel);
            return answer.StatusCode;
        }
        catch (HttpRequestException e)
        {
            throw new AccountUnavailable("The account did not answer.", e);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new AccountUnavailable("The account did not answer in time.", e);
        }
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

/// <summary>An account system that cannot be reached or understood. <see cref="Exception.Message"/> is for staff.</summary>
public sealed class AccountUnavailable(string problem, Exception? inner = null) : Exception(problem, inner);

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
        builder.Services.AddSingleton<ServiceTokens>();
        builder.Services.AddSingleton<AccountApiClient>();
        return builder;
    }
}
