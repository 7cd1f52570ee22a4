using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace EnterprisePortal.ServiceDefaults.Database;

/// <summary>
/// Data-protection keys encrypted with a secret that is not in the database: <c>DataProtection:Key</c>. Whoever has the database or its backup,
/// and nothing else, has neither the keys nor what they protect.
/// </summary>
public sealed class KeysUnderSecret(IConfiguration configuration) : IXmlEncryptor
{
    const string Setting = "DataProtection:Key";

    public static bool IsGiven(IConfiguration configuration) => configuration[Setting] is { Length: > 0 };

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var (nonce, tag, secret) = (RandomNumberGenerator.GetBytes(AesGcm.NonceByteSizes.MaxSize), new byte[AesGcm.TagByteSizes.MaxSize], new byte[plain.Length]);
        using var aes = Cipher(configuration);
        aes.Encrypt(nonce, plain, secret, tag);
        return new(new("underSecret", Convert.ToBase64String([.. nonce, .. tag, .. secret])), typeof(Decryptor));
    }

    static AesGcm Cipher(IConfiguration configuration) => new(
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(configuration[Setting] ?? throw new InvalidOperationException($"The keys in the database need the {Setting} they were written with.")),
            32, info: "data-protection-keys"u8.ToArray()), AesGcm.TagByteSizes.MaxSize);

    /// <summary>Made by name from what is written with each key.</summary>
    public sealed class Decryptor(IServiceProvider services) : IXmlDecryptor
    {
        public XElement Decrypt(XElement encryptedElement)
        {
            var all = Convert.FromBase64String(encryptedElement.Value);
            var (nonce, tag) = (AesGcm.NonceByteSizes.MaxSize, AesGcm.TagByteSizes.MaxSize);
            var plain = new byte[all.Length - nonce - tag];
            using var aes = Cipher(services.GetRequiredService<IConfiguration>());
            aes.Decrypt(all.AsSpan(0, nonce), all.AsSpan(nonce + tag), all.AsSpan(nonce, tag), plain);
            return XElement.Parse(Encoding.UTF8.GetString(plain));
        }
    }
}
