using System.Security.Cryptography;
using System.Text;

namespace EnterprisePortal.OfficePortal.Pairing;

/// <summary>
/// The code that the owner gives to the enterprise's Admin: <c>7K2M-9QXD-4TBH-W3RC</c>, 80 random bits, stored only as a hash.
/// </summary>
public static class PairingCode
{
    // Crockford's alphabet: no letters that can be misread.
    const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static string New() => string.Join('-', RandomNumberGenerator.GetString(Letters, 16).Chunk(4).Select(four => new string(four)));

    /// <summary>Ignores case, spaces and dashes.</summary>
    public static byte[] Hash(string code) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant()));
}
