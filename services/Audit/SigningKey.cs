using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace EnterprisePortal.Audit;

/// <summary>
/// Signs the heads, and derives the password of the service's own login: every replica knows the key, the database never does.
/// </summary>
public sealed class SigningKey(IOptions<AuditOptions> options)
{
    public string Sign(string statement) => Of(options.Value.SigningKey, "head", statement);

    public bool IsSigned(string statement, string? signature) =>
        signature is not null && options.Value.FormerSigningKeys.Prepend(options.Value.SigningKey)
        .Any(key => CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(Of(key, "head", statement)), Encoding.UTF8.GetBytes(signature)));

    public string PasswordOf(string login) => Of(options.Value.SigningKey, "login", login);

    /// <param name="purpose">Keeps a signature from ever being usable as a password.</param>
    static string Of(string key, string purpose, string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{purpose}\n{text}")));
}
