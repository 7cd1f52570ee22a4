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
        using var fresh = RSA.Create(2048);
        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(await KeepOrRead("signing", fresh.ExportPkcs8PrivateKey(), cancellationToken), out _);
        signing = new(rsa) { KeyId = Base64UrlEncoder.Encode(SHA256.HashData(rsa.ExportSubjectPublicKeyInfo())[..12]) };
        encryption = new(await KeepOrRead("encryption", RandomNumberGenerator.GetBytes(32), cancellationToken));
    }

    async Task<byte[]> KeepOrRead(string purpose, byte[] fresh, CancellationToken cancel)
    {
        await using var insert = db.CreateCommand("insert into server_key (purpose, protected) values ($1, $2) on conflict do nothing");
        insert.Parameters.AddWithValue(purpose);
        insert.Parameters.AddWithValue(protector.Protect(fresh));
        await insert.ExecuteNonQueryAsync(cancel);
        await using var read = db.CreateCommand("select protected from server_key where purpose = $1");
        read.Parameters.AddWithValue(purpose);
        return protector.Unprotect((byte[])(await read.ExecuteScalarAsync(cancel))!);
    }

    public void Configure(OpenIddictServerOptions options)
    {
        options.SigningCredentials.Add(new(Signing, SecurityAlgorithms.RsaSha256));
        options.EncryptionCredentials.Add(new(encryption!, SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
