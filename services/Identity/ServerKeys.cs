using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Npgsql;
using OpenIddict.Server;

namespace EnterprisePortal.Identity;

/// <summary>
/// The keys that sign tokens for others to check (RS256) and encrypt tokens that only Identity reads. They are stored in the database,
/// encrypted by data protection, so that sessions survive a restart and replicas understand each other. The first replica to start creates
/// them.
/// </summary>
public sealed class ServerKeys(NpgsqlDataSource db, IDataProtectionProvider protection) : IHostedService,
    IConfigureOptions<OpenIddictServerOptions>
{
    readonly IDataProtector protector = protection.CreateProtector("server-keys");
    RsaSecurityKey? signing;
    SymmetricSecurityKey? encryption;

    public RsaSecurityKey Signing => signing ?? throw new InvalidOperationException("The keys are read when the service starts.");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(await ReadOrCreate("signing", NewSigningKey, cancellationToken), out _);
        signing = new(rsa) { KeyId = Base64UrlEncoder.Encode(SHA256.HashData(rsa.ExportSubjectPublicKeyInfo())[..12]) };
        encryption = new(await ReadOrCreate("encryption", () => RandomNumberGenerator.GetBytes(32), cancellationToken));
    }

    async Task<byte[]> ReadOrCreate(string purpose, Func<byte[]> create, CancellationToken cancel)
    {
        if (await Read(purpose, cancel) is { } kept)
            return kept;
        await using var insert = db.CreateCommand("insert into server_key (purpose, protected) values ($1, $2) on conflict do nothing");
        insert.Parameters.AddWithValue(purpose);
        insert.Parameters.AddWithValue(protector.Protect(create()));
        await insert.ExecuteNonQueryAsync(cancel);
        // Another replica may have been first.
        return (await Read(purpose, cancel))!;
    }

    async Task<byte[]?> Read(string purpose, CancellationToken cancel)
    {
        await using var read = db.CreateCommand("select protected from server_key where purpose = $1");
        read.Parameters.AddWithValue(purpose);
        return await read.ExecuteScalarAsync(cancel) is byte[] kept ? protector.Unprotect(kept) : null;
    }

    static byte[] NewSigningKey()
    {
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKey();
    }

    public void Configure(OpenIddictServerOptions options)
    {
        options.SigningCredentials.Add(new(Signing, SecurityAlgorithms.RsaSha256));
        options.EncryptionCredentials.Add(new(encryption!, SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
