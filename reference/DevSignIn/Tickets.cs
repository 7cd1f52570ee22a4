using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EnterprisePortal.DevSignIn;

/// <summary>Codes, refresh tokens and id tokens. The signing key lives as long as the process, which exercises key rotation.</summary>
public sealed class Tickets(IConfiguration configuration, TimeProvider clock)
{
    public const string ClientId = "enterprise-portal";
    public record Grant(string Provider, string Email, string RedirectUri, string CodeChallenge, string? Nonce, DateTimeOffset Until);

    readonly ConcurrentDictionary<string, Grant> grants = new();
    readonly RsaSecurityKey key = new(RSA.Create(2048)) { KeyId = RandomNumberGenerator.GetHexString(16, lowercase: true) };

    public RsaSecurityKey PublicKey => new(key.Rsa.ExportParameters(false)) { KeyId = key.KeyId };

    public string ClientSecret { get; } = configuration["DevSignIn:ClientSecret"]
        ?? throw new InvalidOperationException("DevSignIn:ClientSecret is not set.");

    public string CodeFor(Provider provider, DemoPerson person, AuthorizeQuery query)
    {
        var code = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        grants[code] = new(provider.Name, person.Email, query.RedirectUri, query.CodeChallenge, query.Nonce,
            clock.GetUtcNow().AddMinutes(1));
        return code;
    }

    /// <summary>A code works once.</summary>
    public Grant? Redeem(string code) => grants.TryRemove(code, out var grant) && grant.Until > clock.GetUtcNow() ? grant : null;

    /// <summary>Survives a restart: <c>{email}.{mac}</c>.</summary>
    public string RefreshTokenFor(string email) => $"{WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(email))}.{Mac(email)}";

    public string? EmailOf(string refreshToken)
    {
        var parts = refreshToken.Split('.');
        if (parts.Length != 2)
            return null;
        var email = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(parts[0]));
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Mac(email)), Encoding.UTF8.GetBytes(parts[1])) ? email : null;
    }

    public string IdToken(Dictionary<string, object> claims, string? nonce)
    {
        if (nonce is not null)
            claims["nonce"] = nonce;
        claims["aud"] = ClientId;
        var now = clock.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Claims = claims, IssuedAt = now, NotBefore = now, Expires = now.AddHours(1),
            SigningCredentials = new(key, SecurityAlgorithms.RsaSha256)
        });
    }

    string Mac(string email) =>
        WebEncoders.Base64UrlEncode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(ClientSecret), Encoding.UTF8.GetBytes(email)));
}
