using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Entry;

/// <summary>
/// The account's own key, made at pairing. Only its public half ever leaves; the private one is stored encrypted in the account's row.
/// </summary>
public sealed class AccountKey(NpgsqlDataSource db, IDataProtectionProvider protection, TimeProvider clock)
{
    static readonly TimeSpan AssertionLife = TimeSpan.FromMinutes(1);

    /// <returns>The private key in its stored form, and the public key set for the portal.</returns>
    public (string Stored, string PublicKeys) Make(string account)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (Convert.ToBase64String(Protector(account).Protect(key.ExportPkcs8PrivateKey())), Public(key));
    }

    public string PublicOf(string account, string stored)
    {
        using var key = Stored(account, stored);
        return Public(key);
    }

    ECDsa Stored(string account, string stored)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Protector(account).Unprotect(Convert.FromBase64String(stored)), out _);
        return key;
    }

    static string Public(ECDsa key)
    {
        var point = key.ExportParameters(false).Q;
        var (x, y) = (Base64UrlEncoder.Encode(point.X), Base64UrlEncoder.Encode(point.Y));
        return JsonSerializer.Serialize(
            new { keys = new[] { new { kty = "EC", crv = "P-256", use = "sig", alg = "ES256", kid = Id(x), x, y } } });
    }

    /// <summary>private_key_jwt (RFC 7523): authenticates the account at the portal's token endpoint.</summary>
    public async Task<string> Assertion(Account account, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        var stored = await connection.QuerySingleAsync<string>("select client_key from account where code = @Code", new { account.Code });
        using var key = Stored(account.Code, stored);
        var now = clock.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            TokenType = "client-authentication+jwt", Issuer = account.ClientId, Audience = account.Issuer,
            Claims = new Dictionary<string, object> { ["sub"] = account.ClientId!, ["jti"] = Guid.CreateVersion7().ToString() },
            IssuedAt = now, NotBefore = now, Expires = now + AssertionLife,
            // Not cached: the key is disposed of at the end of this call.
            SigningCredentials = new(new ECDsaSecurityKey(key)
                { KeyId = Id(Base64UrlEncoder.Encode(key.ExportParameters(false).Q.X)), CryptoProviderFactory = new()
                    { CacheSignatureProviders = false } }, SecurityAlgorithms.EcdsaSha256)
        });
    }

    static string Id(string x) => x[..16];

    IDataProtector Protector(string account) => protection.CreateProtector("client-key", account);
}
