using System.Security.Cryptography;
using System.Text;

namespace EnterprisePortal.OfficePortal.Pairing;

/// <summary>What the owner reads out to the enterprise's Admin: <c>7K2M-9QXD-4TBH-W3RC</c>, 80 random bits, kept only as a hash.</summary>
public static class PairingCode
{
    // Crockford's: nothing that can be misread.
    const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static string New() => string.Join('-', RandomNumberGenerator.GetString(Letters, 16).Chunk(4).Select(four => new string(four)));

    /// <summary>However it was typed: case, spaces and dashes do not matter.</summary>
    public static byte[] Hash(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant()));
}
