using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EnterprisePortal.ServiceDefaults.Database;

/// <summary>
/// Data-protection keys encrypted with a secret that is not in the database: <c>DataProtection:Key</c>. A thief of the database or its
/// backup alone has neither the keys nor the data they protect. <c>DataProtection:PreviousKey</c> still opens keys written before the
/// secret changed (<see cref="ProtectKeys"/>).
/// </summary>
public sealed class KeysUnderSecret(IConfiguration configuration) : IXmlEncryptor
{
    public const string Setting = "DataProtection:Key", PreviousSetting = "DataProtection:PreviousKey";
    const int Shortest = 32;

    public static bool IsGiven(IConfiguration configuration) => configuration[Setting] is { Length: > 0 };

    /// <exception cref="InvalidOperationException">The secret is missing outside Development, or can be guessed.</exception>
    internal static void Check(IConfiguration configuration, IHostEnvironment environment)
    {
        if (!IsGiven(configuration) && !environment.IsDevelopment())
            throw new InvalidOperationException(
                $"{Setting} is not set: outside Development the keys in the database lie under a secret that is not in it.");
        if (configuration[Setting] is { Length: > 0 and < Shortest })
            throw new InvalidOperationException($"{Setting} is too short: {Shortest} random characters or more.");
    }

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var nonce = RandomNumberGenerator.GetBytes(AesGcm.NonceByteSizes.MaxSize);
        var (tag, secret) = (new byte[AesGcm.TagByteSizes.MaxSize], new byte[plain.Length]);
        using var aes = Cipher(configuration[Setting] ?? throw Closed());
        aes.Encrypt(nonce, plain, secret, tag);
        return new(new("underSecret", Convert.ToBase64String([.. nonce, .. tag, .. secret])), typeof(Decryptor));
    }

    /// <exception cref="InvalidOperationException">Neither secret opens it.</exception>
    internal XElement Decrypt(XElement encrypted) => Open(encrypted, Setting) ?? Open(encrypted, PreviousSetting) ?? throw Closed();

    internal bool IsCurrent(XElement encrypted) => Open(encrypted, Setting) is not null;

    XElement? Open(XElement encrypted, string setting)
    {
        if (configuration[setting] is not { Length: > 0 } secret)
            return null;
        var all = Convert.FromBase64String(encrypted.Value);
        var (nonce, tag) = (AesGcm.NonceByteSizes.MaxSize, AesGcm.TagByteSizes.MaxSize);
        var plain = new byte[all.Length - nonce - tag];
        using var aes = Cipher(secret);
        try
        {
            aes.Decrypt(all.AsSpan(0, nonce), all.AsSpan(nonce + tag), all.AsSpan(nonce, tag), plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        return XElement.Parse(Encoding.UTF8.GetString(plain));
    }

    static InvalidOperationException Closed() => new(
        $"The keys in the database were written under another {Setting}. Give that one; after a change, as {PreviousSetting}.");

    static AesGcm Cipher(string secret) => new(
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, info: "data-protection-keys"u8.ToArray()),
        AesGcm.TagByteSizes.MaxSize);

    /// <summary>The framework creates it by the type name that is stored with each key.</summary>
    public sealed class Decryptor(IServiceProvider services) : IXmlDecryptor
    {
        public XElement Decrypt(XElement encryptedElement) =>
            new KeysUnderSecret(services.GetRequiredService<IConfiguration>()).Decrypt(encryptedElement);
    }
}
