using System.Security.Claims;
using EnterprisePortal.ServiceDefaults.Directory;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace EnterprisePortal.Identity.PersonalTokens;

/// <summary>
/// The gateway presents a personal token and gets an access token with its scopes and its owner's present data. If the token is unknown,
/// expired or revoked, or its owner may not sign in, there is none, and no reason is given.
/// </summary>
public sealed class ExchangeToken(IdentityDb db, DirectoryReplica directory, TimeProvider clock)
{
    static readonly TimeSpan Noted = TimeSpan.FromMinutes(1);

    public async Task<ClaimsPrincipal?> Exchange(string secret, string? ip, CancellationToken cancel)
    {
        var (hash, now) = (PersonalToken.Hash(secret), clock.GetUtcNow());
        var token = await db.PersonalTokens.Include(token => token.User)
            .SingleOrDefaultAsync(token => token.SecretHash == hash && token.RevokedAt == null && token.ExpiresAt > now, cancel);
        if (token is not { User.Status: PortalUser.Active } || directory.ReachOf(token.User.GroupId).Enterprise is null)
            return null;
        if (token.LastUsedAt is not { } last || now - last > Noted || token.LastUsedIp != ip)
            await db.PersonalTokens.Where(used => used.Id == token.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(used => used.LastUsedAt, now).SetProperty(used => used.LastUsedIp, ip), cancel);

        var user = token.User;
        var identity = new ClaimsIdentity("portal", "name", "level");
        identity.SetClaim(Claims.Subject, user.Id.ToString()).SetClaim("name", user.Name).SetClaim("email", user.Email)
            .SetClaim("level", user.Level)
            .SetClaim("group", user.GroupId.ToString()).SetClaim("sid", token.Sid.ToString()).SetClaim("staff_email", user.StaffEmail);
        identity.SetScopes(token.Scopes);
        identity.SetResources(token.Scopes.Select(scope => CreateToken.Scopes[scope]));
        identity.SetDestinations(_ => [Destinations.AccessToken]);
        return new(identity);
    }
}
