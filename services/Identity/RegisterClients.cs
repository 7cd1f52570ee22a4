using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace EnterprisePortal.Identity;

/// <summary>The portal's own clients, from configuration (<c>Clients:{name}</c> is the secret), brought up to date at every
/// start.</summary>
public sealed class RegisterClients(IServiceScopeFactory scopes, IConfiguration configuration, IHostEnvironment environment)
    : IHostedService
{
    public const string AccountScope = "account";

    /// <summary>The services that call accounts for the portal, and what each may do there. The gateway never calls accounts.</summary>
    static readonly Dictionary<string, string[]> Services = new()
    {
        [PortalServices.Accounts] = [AccountScopes.Staff, AccountScopes.Pairing, AccountScopes.Families],
        [PortalServices.Search] = [AccountScopes.Search],
        [PortalServices.Sync] = [AccountScopes.Families],
        [PortalServices.Reports] = [AccountScopes.Reports, AccountScopes.Staff],
        [PortalServices.Permissions] = [AccountScopes.Restrictions, AccountScopes.Staff],
        [PortalServices.Audit] = [AccountScopes.AuditLog]
    };

    /// <summary>The client's narrow scopes, and the one that every account system asks for.</summary>
    internal static IEnumerable<string> AccountScopesOf(string client) => Services.GetValueOrDefault(client, []).Prepend(AccountScopes.Api);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityDb>();
        var clients = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Replicas that start together take turns.
        await db.Database.ExecuteSqlAsync($"lock table oauth_application in share row exclusive mode", cancellationToken);
        foreach (var client in Clients())
            await clients.Register(client, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    IEnumerable<OpenIddictApplicationDescriptor> Clients()
    {
        var portal = configuration.PortalUrl();
        if (configuration["Clients:gateway"] is { Length: > 0 } secretOfGateway)
        {
            var gateway = OfPeople(PortalServices.Gateway, secretOfGateway, new(portal + "signin-oidc"), new Uri(portal + "signed-out"));
            gateway.Permissions.Add(Permissions.Prefixes.GrantType + PersonalTokenGrant.Type);
            yield return gateway;
        }
        foreach (var service in Services.Keys)
            if (configuration[$"Clients:{service}"] is { Length: > 0 } secret)
                yield return new()
                {
                    ClientId = service, ClientSecret = secret, ClientType = ClientTypes.Confidential, ConsentType = ConsentTypes.Implicit,
                    Permissions =
                        { Permissions.Endpoints.Token, Permissions.GrantTypes.ClientCredentials,
                            Permissions.Prefixes.Scope + AccountScopes.Api }
                };
        // Any port on the loopback address, which RFC 8252 allows native applications.
        if (environment.IsDevelopment())
            yield return OfPeople("portal-cli", null, new("http://127.0.0.1/callback"), null);
    }

    static OpenIddictApplicationDescriptor OfPeople(string name, string? secret, Uri redirect, Uri? signedOut)
    {
        var client = new OpenIddictApplicationDescriptor
        {
            ClientId = name, ClientSecret = secret, ConsentType = ConsentTypes.Implicit, RedirectUris = { redirect },
            ClientType = secret is null ? ClientTypes.Public : ClientTypes.Confidential,
            ApplicationType = secret is null ? ApplicationTypes.Native : ApplicationTypes.Web,
            Permissions =
            {
                Permissions.Endpoints.Authorization, Permissions.Endpoints.Token, Permissions.Endpoints.EndSession,
                Permissions.ResponseTypes.Code,
                Permissions.GrantTypes.AuthorizationCode, Permissions.GrantTypes.RefreshToken, Permissions.Scopes.Profile,
                Permissions.Scopes.Email
            },
            Requirements = { Requirements.Features.ProofKeyForCodeExchange }
        };
        if (signedOut is not null)
            client.PostLogoutRedirectUris.Add(signedOut);
        return client;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

public static class ClientRegistration
{
    public static async Task Register(
        this IOpenIddictApplicationManager clients, OpenIddictApplicationDescriptor client, CancellationToken cancel)
    {
        if (await clients.FindByClientIdAsync(client.ClientId!, cancel) is { } known)
            await clients.UpdateAsync(known, client, cancel);
        else
            await clients.CreateAsync(client, cancel);
    }
}
