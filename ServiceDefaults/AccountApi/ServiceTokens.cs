using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using EnterprisePortal.ServiceDefaults.Settings;
using Microsoft.Extensions.Options;

namespace EnterprisePortal.ServiceDefaults.AccountApi;

/// <summary>
/// Client-credentials tokens of this service, one per audience: a token for one account is worthless in another.
/// </summary>
public sealed class ServiceTokens(IHttpClientFactory clients, IOptions<PortalClientOptions> options, TimeProvider clock)
{
    internal const string Client = "service-tokens";
    static readonly TimeSpan Margin = TimeSpan.FromMinutes(1), Early = TimeSpan.FromMinutes(2);
    readonly ConcurrentDictionary<(string Audience, string Scope), Lazy<Task<Token>>> tokens = new();

    /// <summary>Concurrent callers share one request; a failed request is not remembered.</summary>
    public async Task<string> For(string audience, string scope)
    {
        while (true)
        {
            var ask = tokens.GetOrAdd((audience, scope), key => new(() => Ask(key.Audience, key.Scope)));
            try
            {
                var token = await ask.Value;
                if (token.Until > clock.GetUtcNow() + Margin)
                    return token.Value;
                tokens.TryRemove(new((audience, scope), ask));
            }
            catch
            {
                tokens.TryRemove(new((audience, scope), ask));
                throw;
            }
        }
    }

    /// <summary>
    /// For a caller that cannot wait for a token later: renews it well before <see cref="For"/> would. If that fails, the old token stays.
    /// </summary>
    public async Task KeepWarm(string audience, string scope)
    {
        if (tokens.TryGetValue((audience, scope), out var known) && known is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }
            && (await known.Value).Until > clock.GetUtcNow() + Early)
            return;
        var token = await Ask(audience, scope);
        tokens[(audience, scope)] = new(Task.FromResult(token));
    }

    /// <exception cref="HttpRequestException">Identity does not answer, or with something else than a token.</exception>
    async Task<Token> Ask(string audience, string scope)
    {
        try
        {
            return await AskOnce(audience, scope);
        }
        catch (JsonException)
        {
            // A page of a proxy in between, or an answer cut off: asked again at once, and only then a problem.
            try
            {
                return await AskOnce(audience, scope);
            }
            catch (JsonException e)
            {
                throw new HttpRequestException("Identity's answer is not a token.", e);
            }
        }
    }

    async Task<Token> AskOnce(string audience, string scope)
    {
        using var http = clients.CreateClient(Client);
        using var answer = await http.PostAsync(new Uri("connect/token", UriKind.Relative), new FormUrlEncodedContent(
        [
            new("grant_type", "client_credentials"), .. options.Value.Credentials, new("scope", scope), new("resource", audience)
        ]));
        answer.EnsureSuccessStatusCode();
        var body = await answer.Content.ReadFromJsonAsync<Answer>();
        if (body is not { AccessToken.Length: > 0, ExpiresIn: > 0 })
            throw new JsonException("The answer has no access token.");
        return new(body.AccessToken, clock.GetUtcNow().AddSeconds(body.ExpiresIn));
    }

    sealed record Token(string Value, DateTimeOffset Until);

    sealed record Answer([property: JsonPropertyName("access_token")] string? AccessToken,
        [property: JsonPropertyName("expires_in")] int ExpiresIn);
}
