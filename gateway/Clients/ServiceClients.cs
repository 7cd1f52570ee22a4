using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using EnterprisePortal.Contracts;
using EnterprisePortal.Gateway.Session;
using EnterprisePortal.ServiceDefaults;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace EnterprisePortal.Gateway.Clients;

/// <summary>A service's answer, or the reason why there is none.</summary>
/// <param name="Problem">For staff; null where there is a <paramref name="Value"/>.</param>
/// <param name="Errors">By field, where the person's own input was refused.</param>
public sealed record Answer<T>(T? Value, int Status, string? Problem = null, IReadOnlyDictionary<string, string[]>? Errors = null)
    where T : class
{
    public string? Error(string field) =>
        Errors?.FirstOrDefault(error => error.Key.Equals(field, StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault();
}

/// <summary>The value of a successful answer without a body.</summary>
public sealed record Done;

/// <summary>The pages' way to a service: calls it as the signed-in person, and returns words instead of exceptions.</summary>
public abstract class ServiceClient(HttpClient http, string name)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) }
    };

    protected Task<Answer<T>> Get<T>(string path, CancellationToken cancel) where T : class =>
        Send(new(HttpMethod.Get, new Uri(path, UriKind.Relative)), content => content.ReadFromJsonAsync<T>(Json, cancel), cancel);

    protected Task<Answer<T>> Post<T>(string path, object body, CancellationToken cancel) where T : class =>
        Send(new(HttpMethod.Post, new Uri(path, UriKind.Relative))
        { Content = JsonContent.Create(body) }, content => content.ReadFromJsonAsync<T>(Json, cancel), cancel);

    protected Task<Answer<T>> Patch<T>(string path, object body, CancellationToken cancel) where T : class =>
        Send(new(HttpMethod.Patch, new Uri(path, UriKind.Relative))
        { Content = JsonContent.Create(body) }, content => content.ReadFromJsonAsync<T>(Json, cancel), cancel);

    /// <param name="path">Includes a query already.</param>
    protected async Task<Answer<IReadOnlyList<T>>> All<T>(string path, CancellationToken cancel)
    {
        var all = new List<T>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await Get<Page<T>>(cursor is "" ? path : $"{path}&cursor={Uri.EscapeDataString(cursor)}", cancel);
            if (page.Value is null)
                return new(null, page.Status, page.Problem, page.Errors);
            all.AddRange(page.Value.Items);
            cursor = page.Value.Next;
        }
        return new(all, StatusCodes.Status200OK);
    }

    /// <summary>For answers without a body.</summary>
    protected Task<Answer<Done>> Do(HttpMethod method, string path, object? body, CancellationToken cancel) =>
        Send(new(method, new Uri(path, UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) }, _ =>
            Task.FromResult<Done?>(new()), cancel);

    /// <summary>A service's server-sent events. Ends when the stream ends or the connection breaks.</summary>
    /// <exception cref="HttpRequestException">The service refuses, with this status.</exception>
    protected async IAsyncEnumerable<T> Events<T>(string path, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancel);
        answer.EnsureSuccessStatusCode();
        await foreach (var item in SseParser.Create(
            await answer.Content.ReadAsStreamAsync(cancel), (_, data) => JsonSerializer.Deserialize<T>(data, Json)!).EnumerateAsync(cancel))
            yield return item.Data;
    }

    async Task<Answer<T>> Send<T>(HttpRequestMessage request, Func<HttpContent, Task<T?>> read, CancellationToken cancel) where T : class
    {
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            if (answer.IsSuccessStatusCode)
                return new(await read(answer.Content), (int)answer.StatusCode);
            if ((int)answer.StatusCode < 500 && answer.Content.Headers.ContentType?.MediaType == "application/problem+json")
            {
                var problem = await answer.Content.ReadFromJsonAsync<HttpValidationProblemDetails>(Json, cancel);
                return new(null, (int)answer.StatusCode, problem?.Detail ?? problem?.Title ?? Silent, problem?.Errors.AsReadOnly());
            }
            return new(null, (int)answer.StatusCode, answer.StatusCode == HttpStatusCode.Unauthorized
                ? "Your session has ended. Sign in again." : Silent);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or ExecutionRejectedException
            || e is OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return new(null, StatusCodes.Status503ServiceUnavailable, Silent);
        }
    }

    /// <summary>Asks again once a second, for as long as the service answers.</summary>
    /// <exception cref="HttpRequestException">The service refuses, with this status.</exception>
    protected static async IAsyncEnumerable<T> Poll<T>(Func<CancellationToken, Task<Answer<T>>> ask,
        [EnumeratorCancellation] CancellationToken cancel) where T : class
    {
        while (true)
        {
            var answer = await ask(cancel);
            yield return answer.Value ?? throw new HttpRequestException(answer.Problem, null, (HttpStatusCode)answer.Status);
            await Task.Delay(TimeSpan.FromSeconds(1), cancel);
        }
    }

    string Silent => PartsOfThePortal.Silent(http.BaseAddress?.Host ?? "", name);
}

public static class ServiceClientsExtensions
{
    public static WebApplicationBuilder AddServiceClients(this WebApplicationBuilder builder)
    {
        builder.Services.AddTransient<AsThePerson>();
        builder.Services.AddTransient<WithIdentitysCookies>();
        builder.Add<AccountsClient>(PortalServices.Accounts);
        builder.Add<OnboardingClient>(PortalServices.Accounts, TimeSpan.FromSeconds(45));
        builder.Add<UsersClient>(PortalServices.Identity);
        builder.Add<EnterprisesClient>(PortalServices.Identity);
        builder.Add<EnterpriseChoiceClient>(PortalServices.Identity).AddHttpMessageHandler<WithIdentitysCookies>();
        builder.Add<SearchClient>(PortalServices.Search);
        builder.Add<AuditClient>(PortalServices.Audit);
        builder.Add<AuditVerifier>(PortalServices.Audit, TimeSpan.FromMinutes(2));
        builder.Add<SyncClient>(PortalServices.Sync);
        builder.Add<ReportsClient>(PortalServices.Reports);
        builder.Add<TrendsClient>(PortalServices.Reports);
        builder.Add<PermissionsClient>(PortalServices.Permissions);
        foreach (var service in PortalServices.All)
            builder.Services.AddHttpClient(OperateClients.NameOf(service)).Calls(service);
        builder.Services.AddScoped<OperateClients>();
        builder.Services.AddSingleton<ReplicaVersions>();
#pragma warning disable EXTEXP0001 // RemoveAllResilienceHandlers: one look at each replica, whatever it says.
        builder.Services.AddHttpClient(nameof(ReplicaVersions)).RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        return builder;
    }

    static IHttpClientBuilder Add<TClient>(this WebApplicationBuilder builder, string service, TimeSpan? patience = null)
        where TClient : class => builder.Services.AddHttpClient<TClient>().Calls(service, patience);

    static IHttpClientBuilder Calls(this IHttpClientBuilder client, string service, TimeSpan? patience = null)
    {
#pragma warning disable EXTEXP0001 // RemoveAllResilienceHandlers: a person waits for the page, so retry once, quickly, then say so.
        client.ConfigureHttpClient(
            http => (http.BaseAddress, http.Timeout) = (new($"https+http://{service}"), Timeout.InfiniteTimeSpan))
            .RemoveAllResilienceHandlers()
            .AddHttpMessageHandler<AsThePerson>();
#pragma warning restore EXTEXP0001
        client.AddResilienceHandler("page", pipeline => pipeline
            .AddRetry(Once())
            .AddTimeout(patience ?? TimeSpan.FromSeconds(8)));
        return client;
    }

    static HttpRetryStrategyOptions Once()
    {
        var once = new HttpRetryStrategyOptions { MaxRetryAttempts = 1, Delay = TimeSpan.FromMilliseconds(150) };
        once.DisableForUnsafeHttpMethods();
        return once;
    }
}

sealed class AsThePerson(IHttpContextAccessor http) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (http.HttpContext is { } context && await context.GetTokenAsync(PortalSession.AccessToken) is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            // Audit entries record the person's address, not the gateway's.
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", context.Connection.RemoteIpAddress?.ToString());
        }
        return await base.SendAsync(request, cancellationToken);
    }
}
