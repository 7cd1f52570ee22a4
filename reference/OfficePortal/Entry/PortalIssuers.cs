using System.Collections.Concurrent;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace EnterprisePortal.OfficePortal.Entry;

/// <summary>What portals say of themselves (discovery and keys), fetched once and kept; several accounts usually share one.</summary>
public sealed class PortalIssuers(IHttpClientFactory clients, IHostEnvironment environment)
{
    public const string Client = "portal";
    static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);
    readonly ConcurrentDictionary<string, ConfigurationManager<OpenIdConnectConfiguration>> known = new();

    /// <exception cref="PortalUnavailable">It does not answer, or calls itself by another name.</exception>
    public async Task<OpenIdConnectConfiguration> Ask(string issuer, CancellationToken cancel)
    {
        try
        {
            var found = await Manager(issuer).GetConfigurationAsync(cancel);
            return found.Issuer == issuer ? found : throw new PortalUnavailable($"The Enterprise Portal calls itself {found.Issuer}, but this account is paired with {issuer}.");
        }
        catch (InvalidOperationException e)
        {
            throw new PortalUnavailable("The Enterprise Portal did not answer. Try again in a moment.", e);
        }
    }

    /// <summary>A token of the pinned issuer for this audience and of this type, or null. New keys of the portal are fetched as they appear.</summary>
    public async Task<JsonWebToken?> Validate(string token, string issuer, string audience, string type)
    {
        var result = await new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(token, new()
        {
            ConfigurationManager = Manager(issuer),
            ValidIssuer = issuer,
            // The discovery document names no other issuer: one that does is no reason to trust it.
            IssuerValidator = (said, _, _) => said == issuer ? said : throw new SecurityTokenInvalidIssuerException("Not the pinned issuer."),
            ValidAudience = audience,
            ValidTypes = [type],
            ClockSkew = Skew
        });
        return result.IsValid ? (JsonWebToken)result.SecurityToken : null;
    }

    ConfigurationManager<OpenIdConnectConfiguration> Manager(string issuer) => known.GetOrAdd(issuer, _ => new(
        issuer.TrimEnd('/') + "/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(),
        new Retriever(clients, environment)));

    /// <summary>A fresh client each time, so that the factory's handlers can turn over. Plain http in development only.</summary>
    sealed class Retriever(IHttpClientFactory clients, IHostEnvironment environment) : IDocumentRetriever
    {
        public Task<string> GetDocumentAsync(string address, CancellationToken cancel) =>
            new HttpDocumentRetriever(clients.CreateClient(Client)) { RequireHttps = !environment.IsDevelopment() }.GetDocumentAsync(address, cancel);
    }
}

/// <summary><see cref="Exception.Message"/> is for staff.</summary>
public sealed class PortalUnavailable(string words, Exception? inner = null) : Exception(words, inner);
