using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.SignIn;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.EntityFrameworkCore.Models;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace EnterprisePortal.Identity;

/// <summary>
/// Every account of the directory is an OpenID Connect client that authenticates with its own key (private_key_jwt). The version makes
/// repetition and reordering harmless; the lock makes replicas take turns.
/// </summary>
public sealed class RegisterAccountClients(IdentityDb db, IOpenIddictApplicationManager clients, ILogger<RegisterAccountClients> log)
    : IConsumer<DirectoryChanged>
{
    public async Task Consume(ConsumeContext<DirectoryChanged> context)
    {
        var (directory, cancel) = (context.Message, context.CancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var newer = await db.Database.ExecuteSqlAsync(
            $"""
             insert into directory_version (enterprise_id, version) values ({directory.EnterpriseId}, {directory.Version})
             on conflict (enterprise_id) do update set version = excluded.version where directory_version.version < excluded.version
             """, cancel);
        if (newer == 0)
            return;

        var registered = await db.AccountClients.Where(client => client.EnterpriseId == directory.EnterpriseId)
            .ToDictionaryAsync(client => client.Account, cancel);
        foreach (var account in directory.Accounts)
        {
            if (registered.Remove(account.Code, out var client) && client.BaseUrl == account.BaseUrl && client.Keys == account.ClientKeys)
                continue;
            if (!await Register(account, cancel))
                continue;
            if (client is null)
                db.Add(client = new()
                {
                    Account = account.Code,
                    EnterpriseId = directory.EnterpriseId,
                    BaseUrl = account.BaseUrl,
                    Keys = account.ClientKeys
                });
            (client.BaseUrl, client.Keys) = (account.BaseUrl, account.ClientKeys);
        }
        foreach (var gone in registered.Values)
        {
            db.Remove(gone);
            await db.Set<OpenIddictEntityFrameworkCoreApplication>()
                .Where(client => client.ClientId == Admission.AccountClients + gone.Account).ExecuteDeleteAsync(cancel);
        }
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <returns>False if the account's keys cannot be read: nobody can enter it, and other accounts are not affected.</returns>
    async Task<bool> Register(AccountState account, CancellationToken cancel)
    {
        if (KeysOf(account) is not { } keys)
        {
            log.LogWarning("The keys of {Account} are unusable; nobody can enter it until it is paired again.", account.Code);
            return false;
        }
        await clients.Register(new()
        {
            ClientId = Admission.AccountClients + account.Code, DisplayName = account.Name, ClientType = ClientTypes.Confidential,
            ConsentType = ConsentTypes.Implicit,
            JsonWebKeySet = keys, RedirectUris = { new(account.BaseUrl + "/enterprise/callback") },
            Permissions =
            {
                Permissions.Endpoints.Authorization, Permissions.Endpoints.Token, Permissions.ResponseTypes.Code,
                Permissions.GrantTypes.AuthorizationCode, Permissions.GrantTypes.RefreshToken,
                Permissions.Prefixes.Scope + RegisterClients.AccountScope, Permissions.Prefixes.Scope + Policies.RunsStart
            },
            Requirements = { Requirements.Features.ProofKeyForCodeExchange }
        }, cancel);
        return true;
    }

    /// <summary>Public RSA and elliptic-curve keys only: a key that arrived with its private part is no secret.</summary>
    static JsonWebKeySet? KeysOf(AccountState account)
    {
        try
        {
            var keys = JsonWebKeySet.Create(account.ClientKeys);
            return keys.Keys.Count > 0 && keys.Keys.All(key => !key.HasPrivateKey
                && key.Kty is JsonWebAlgorithmsKeyTypes.RSA or JsonWebAlgorithmsKeyTypes.EllipticCurve) ? keys : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
