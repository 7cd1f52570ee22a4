using System.Collections.Concurrent;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace EnterprisePortal.OfficePortal.Entry;

/// <summary>Discovery documents and keys of portals, fetched once and cached; several accounts usually share one.</summary>
public sealed class PortalIssuers(IHttpClientFactory clients, IHostEnvironment environment)
{
    public const string Client = "portal";
    static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);
    readonly ConcurrentDictionary<string, ConfigurationManager<OpenIdConnectConfiguration>> known = new();

    /// <exception cref="PortalUnavailable">It does not answer, or uses another issuer name.</exception>
    public async Task<OpenIdConnectConfiguration> Ask(string issuer, CancellationToken cancel)
    {
        try
        {
            var found = await Manager(issuer).GetConfigurationAsync(cancel);
            return found.Issuer == issuer
                ? found
                : throw new PortalUnavailable(
                    $"The Enterprise Portal calls itself {found.Issuer}, but this account is paired with {issuer}.");
        }
        catch (InvalidOperationException e)
        {
            throw new PortalUnavailable("The Enterprise Portal did not answer. Try again in a moment.", e);
        }
    }

    /// <summary>
    /// A token of the pinned issuer for this audience and of this type, or null. New keys of the portal are fetched when they appear.
    /// </summary>
    public async Task<JsonWebToken?> Validate(string token, string issuer, string audience, string type)
    {
        var result = await new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(token, new()
        {
            ConfigurationManager = Manager(issuer),
            ValidIssuer = issuer,
            // Only the pinned issuer is valid: a discovery document that names another one is no reason to trust it.
            IssuerValidator = (said, _, _) =>
                said == issuer ? said : throw new SecurityTokenInvalidIssuerException("Not the pinned issuer."),
            ValidAudience = audience,
            ValidTypes = [type],
            ClockSkew = Skew
        });
        return result.IsValid ? (JsonWebToken)result.SecurityToken : null;
    }

    ConfigurationManager<OpenIdConnectConfiguration> Manager(string issuer) => known.GetOrAdd(issuer, _ => new(
        issuer.TrimEnd('/') + "/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(),
        new Retriever(clients, environment)));

    /// <summary>A fresh client for each call, so that the factory can renew its handlers. Plain http in Development only.</summary>
    sealed class Retriever(IHttpClientFactory clients, IHostEnvironment environment) : IDocumentRetriever
    {
        public Task<string> GetDocumentAsync(string address, CancellationToken cancel) =>
            new HttpDocumentRetriever(clients.CreateClient(Client))
            { RequireHttps = !environment.IsDevelopment() }.GetDocumentAsync(address, cancel);
    }
}

/// <summary><see cref="Exception.Message"/> is for staff.</summary>
public sealed class PortalUnavailable(string words, Exception? inner = null) : Exception(words, inner);
