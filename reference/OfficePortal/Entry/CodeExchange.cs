using System.Text.Json;
using System.Text.Json.Serialization;
using EnterprisePortal.OfficePortal.Accounts;
using Microsoft.IdentityModel.JsonWebTokens;

namespace EnterprisePortal.OfficePortal.Entry;

/// <summary>
/// The back-channel call: exchanges the code for an id token, which is validated as OpenID Connect Core §3.1.3.7 requires.
/// </summary>
public sealed class CodeExchange(
    IHttpClientFactory clients, PortalIssuers issuers, AccountKey key, Office office, ILogger<CodeExchange> log)
{
    /// <returns>The id token and the person's access token, or the problem in words.</returns>
    public async Task<(JsonWebToken? Token, string? AccessToken, string? Problem)> Redeem(
        Account account, string code, string verifier, string nonce, CancellationToken cancel)
    {
        try
        {
            var portal = await issuers.Ask(account.Issuer!, cancel);
            using var http = clients.CreateClient(PortalIssuers.Client);
            using var answer = await http.PostAsync(new Uri(portal.TokenEndpoint), new FormUrlEncodedContent(
            [
                new("grant_type", "authorization_code"), new("code", code),
                new("redirect_uri", $"{office.BaseUrl(account)}/{StartEntry.Callback}"),
                new("code_verifier", verifier), new("client_id", account.ClientId),
                new("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                new("client_assertion", await key.Assertion(account, cancel))
            ]), cancel);
            if (!answer.IsSuccessStatusCode)
            {
                log.LogWarning("The portal refused the entry code of {Account}: {Status}", account.Code, (int)answer.StatusCode);
                return (null, null, "The Enterprise Portal did not confirm your sign-in. Go back to it and click the key again.");
            }
            var tokens = await answer.Content.ReadFromJsonAsync<Tokens>(cancel);
            var token = await issuers.Validate(tokens?.IdToken ?? "", account.Issuer!, account.ClientId!, "JWT");
            return token is not null && token.TryGetPayloadValue<string>("nonce", out var sent) && sent == nonce
                ? (token, tokens!.AccessToken, null) : (null, null, "The Enterprise Portal's confirmation is not valid.");
        }
        catch (PortalUnavailable e)
        {
            return (null, null, e.Message);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or Polly.ExecutionRejectedException
            || e is TaskCanceledException && !cancel.IsCancellationRequested)
        {
            log.LogWarning("The portal did not confirm an entry to {Account}: {Problem}", account.Code, e.Message);
            return (null, null, "The Enterprise Portal did not answer. Try again in a moment.");
        }
    }

    sealed record Tokens([property: JsonPropertyName("id_token")] string? IdToken,
        [property: JsonPropertyName("access_token")] string? AccessToken);
}
