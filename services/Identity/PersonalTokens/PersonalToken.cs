using System.Buffers.Text;
using System.Linq.Expressions;
using System.Security.Cryptography;
using System.Text;
using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Contracts.Identity;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Identity.PersonalTokens;

/// <summary>
/// A long-lived secret that a program sends instead of a person: for feeds only, with its owner's current reach and level. The gateway
/// exchanges it for a short-lived access token (<see cref="ExchangeToken"/>), so that no other service ever sees it
/// (docs/adr/0009-personal-access-tokens.md).
/// </summary>
public sealed class PersonalToken
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public Guid UserId { get; init; }
    public PortalUser User { get; init; } = null!;
    public required string Name { get; init; }
    public required string[] Scopes { get; init; }
    public required byte[] SecretHash { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; set; }
    public string? LastUsedIp { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>The <c>sid</c> of the access tokens it is exchanged for.</summary>
    public Guid Sid { get; set; } = Guid.CreateVersion7();

    public static string NewSecret() => PersonalTokenGrant.SecretPrefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}

public static class TokenItems
{
    extension(TokenItem)
    {
        public static TokenItem Of(PersonalToken token, DateTimeOffset now) => new(
            token.Id, token.Name, token.Scopes, token.RevokedAt is not null ? "revoked" : token.ExpiresAt <= now ? "expired" : "active",
            token.CreatedAt, token.ExpiresAt, token.LastUsedAt, token.LastUsedIp, token.RevokedAt);
    }
}

public static class TokenEnds
{
    /// <summary>Permanent, with the caller's next save.</summary>
    public static async Task<IReadOnlyList<PersonalToken>> RevokeTokens(
        this IdentityDb db, Expression<Func<PersonalToken, bool>> which, string reason, DateTimeOffset now, CancellationToken cancel)
    {
        var open = await db.PersonalTokens.Include(token => token.User).Where(which).Where(token => token.RevokedAt == null)
            .ToListAsync(cancel);
        foreach (var token in open)
            token.RevokedAt = now;
        db.EndExchanged(open, reason, now);
        return open;
    }

    /// <summary>
    /// With the caller's next save: access tokens from earlier exchanges are no longer true and end; the next exchange gives a current one.
    /// </summary>
    public static async Task RenewTokens(this IdentityDb db, Guid user, DateTimeOffset now, CancellationToken cancel)
    {
        var open = await db.PersonalTokens.Where(token => token.UserId == user && token.RevokedAt == null && token.ExpiresAt > now)
            .ToListAsync(cancel);
        db.EndExchanged(open, "What you may do has changed.", now);
        foreach (var token in open)
            token.Sid = Guid.CreateVersion7();
    }

    static void EndExchanged(this IdentityDb db, List<PersonalToken> tokens, string reason, DateTimeOffset now)
    {
        foreach (var person in tokens.GroupBy(token => token.UserId))
            db.Publish(new SessionsRevoked(person.Key, [.. person.Select(token => token.Sid.ToString())], reason, now));
    }
}
