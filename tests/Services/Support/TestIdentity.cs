using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Security.Cryptography;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EnterprisePortal.Tests.Support;

/// <summary>Takes Identity's place for services: serves the keys that sign its tokens and hands out service tokens.</summary>
public sealed class TestIdentity
{
    public const string Issuer = "http://localhost:8080/";
    /// <summary>The scopes of a token that opens the whole Account API. No service of the portal gets one.</summary>
    public static readonly string EveryScope = string.Join(' ', AccountScopes.Narrow.Prepend(AccountScopes.Api));
    static readonly RsaSecurityKey Key = new(RSA.Create(2048)) { KeyId = "test" };
    static readonly string[] Audiences = ["identity", "accounts", "search", "reports", "permissions", "audit", "sync"];

    /// <summary>As Identity makes them: five minutes, RS256, <c>at+jwt</c>.</summary>
    public static string TokenOf(Person person, params Claim[] more) => Token(
    [
        new("sub", $"{person.Id}"), new("name", person.Name), new("email", person.Email), new("level", person.Level),
        new("group", $"{person.GroupId}"),
        new("sid", person.Session), .. person.StaffEmail is { } staff ? new[] { new Claim("staff_email", staff) } : [], .. more
    ]);

    /// <summary>Any token, including invalid ones that must be refused.</summary>
    public static string Token(
        IEnumerable<Claim> claims,
        string type = "at+jwt",
        string issuer = Issuer,
        string[]? audiences = null,
        SecurityKey? key = null,
        TimeSpan? age = null,
        TimeSpan? life = null)
    {
        var made = TimeProvider.System.GetUtcNow().UtcDateTime - (age ?? TimeSpan.Zero);
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Subject = new(claims),
            TokenType = type,
            NotBefore = made,
            IssuedAt = made,
            Expires = made + (life ?? TimeSpan.FromMinutes(5)),
            SigningCredentials = new(key ?? Key, SecurityAlgorithms.RsaSha256)
        };
        foreach (var audience in audiences ?? Audiences)
            descriptor.Audiences.Add(audience);
        return new JsonWebTokenHandler().CreateToken(descriptor);
    }

    internal static HttpResponseMessage Answer(HttpRequestMessage request) => request.RequestUri!.AbsolutePath switch
    {
        "/.well-known/jwks" => new(HttpStatusCode.OK) { Content = JsonContent.Create(new { keys = new[] { PublicKey() } }) },
        "/connect/token" => new(HttpStatusCode.OK)
        { Content = JsonContent.Create(new { access_token = "a-service-token", expires_in = 300 }) },
        _ => new(HttpStatusCode.NotFound)
    };

    static object PublicKey()
    {
        var key = Key.Rsa.ExportParameters(false);
        return new
        {
            kty = "RSA", use = "sig", alg = "RS256", kid = Key.KeyId, n = Base64UrlEncoder.Encode(key.Modulus),
            e = Base64UrlEncoder.Encode(key.Exponent)
        };
    }
}
