using Microsoft.Extensions.Configuration;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.SignIn;

/// <summary>
/// Identity's public keys, fetched inside the cluster and stored in the service's own database, so that a service that restarts while
/// Identity is down can still check tokens.
/// </summary>
sealed class IdentityKeys(IHttpClientFactory clients, NpgsqlDataSource db, IConfiguration configuration)
    : IDocumentRetriever, IConfigurationRetriever<OpenIdConnectConfiguration>
{
    internal const string Client = "identity-keys", Path = ".well-known/jwks";

    public async Task<string> GetDocumentAsync(string address, CancellationToken cancel)
    {
        try
        {
            var keys = await clients.CreateClient(Client).GetStringAsync(address, cancel);
            await using var keep = db.CreateCommand(
                "insert into identity_keys (keys) values ($1) on conflict (one) do update set keys = excluded.keys");
            keep.Parameters.AddWithValue(keys);
            await keep.ExecuteNonQueryAsync(cancel);
            return keys;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or Polly.Timeout.TimeoutRejectedException
            or Polly.CircuitBreaker.BrokenCircuitException)
        {
            await using var kept = db.CreateCommand("select keys from identity_keys");
            return await kept.ExecuteScalarAsync(cancel) as string
                ?? throw new InvalidOperationException("Identity has not answered yet.", e);
        }
    }

    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(
        string address, IDocumentRetriever retriever, CancellationToken cancel)
    {
        var found = new OpenIdConnectConfiguration { Issuer = configuration.PortalUrl() };
        foreach (var key in new JsonWebKeySet(await retriever.GetDocumentAsync(address, cancel)).GetSigningKeys())
            found.SigningKeys.Add(key);
        return found;
    }
}
