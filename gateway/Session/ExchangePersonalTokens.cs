using System.Net;
using System.Security.Cryptography;
using System.Text;
using EnterprisePortal.Contracts;
using EnterprisePortal.ServiceDefaults.Settings;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace EnterprisePortal.Gateway.Session;

/// <summary>
/// Exchanges a program's personal token for an access token with its scopes (docs/adr/0009-personal-access-tokens.md). The result is cached
/// for seconds only: a revoked token, or one of a suspended owner, stops working within the same five seconds as a session, even while
/// the broker is down.
/// </summary>
sealed class ExchangePersonalTokens(IHttpClientFactory clients, IMemoryCache cache, RevokedSessions revoked,
    IOptions<PortalClientOptions> options)
{
    static readonly TimeSpan Remembered = TimeSpan.FromSeconds(3);

    sealed record Exchanged(string AccessToken, string Session);

    /// <summary>
    /// Sent as <c>Bearer portal_pat_…</c>, or as the password of <c>Basic</c> with any user name, as Power BI and browsers do.
    /// </summary>
    /// <returns>null if the request has no personal token but a session or an access token.</returns>
    public static string? In(HttpRequest request) => request.Headers.Authorization.ToString().Split(' ', 2) switch
    {
        [var scheme, var token] when scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            && token.StartsWith(PersonalTokenGrant.SecretPrefix, StringComparison.Ordinal) => token.Trim(),
        [var scheme, var both] when scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) => Password(both.Trim()) ?? "",
        _ => null
    };

    static string? Password(string both)
    {
        var bytes = new byte[both.Length];
        return Convert.TryFromBase64String(both, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [_, var password] ? password.Trim() : null;
    }

    /// <returns>null if it opens nothing.</returns>
    /// <exception cref="HttpRequestException">Identity does not answer.</exception>
    public async Task<string?> Exchange(string token, string? ip, CancellationToken cancel)
    {
        if (!token.StartsWith(PersonalTokenGrant.SecretPrefix, StringComparison.Ordinal))
            return null;
        var key = (nameof(ExchangePersonalTokens), Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token))));
        if (cache.TryGetValue(key, out Exchanged? known) && !revoked.Contains(known!.Session))
            return known.AccessToken;
        using var http = clients.CreateClient(IdentityBackchannel.Client);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("connect/token", UriKind.Relative))
        {
            Content = new FormUrlEncodedContent(
                [new("grant_type", PersonalTokenGrant.Type), new(PersonalTokenGrant.Parameter, token), .. options.Value.Credentials])
        };
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", ip);
        using var answer = await http.SendAsync(request, cancel);
        if (answer.StatusCode == HttpStatusCode.BadRequest)
            return null;
        answer.EnsureSuccessStatusCode();
        var fresh = new OpenIdConnectMessage(await answer.Content.ReadAsStringAsync(cancel)).AccessToken;
        return cache.Set(key, new Exchanged(fresh, new JsonWebToken(fresh).GetClaim("sid").Value), Remembered).AccessToken;
    }
}
