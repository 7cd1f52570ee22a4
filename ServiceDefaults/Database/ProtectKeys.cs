using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.Database;

/// <summary>
/// Where there is a secret, no key of the ring stays in the clear: the start encrypts keys that are older than the secret, and a secret
/// that does not open them all stops the service, which would otherwise go on with fresh keys. <c>protect-keys</c> also re-encrypts keys
/// under <c>DataProtection:PreviousKey</c> with the new secret, while the services run. Keys that are right already stay unchanged, so it
/// may be run again.
/// </summary>
sealed class ProtectKeys(NpgsqlDataSource db, IConfiguration configuration) : IHostedService
{
    // How the framework writes a key: <encryptedSecret decryptorType="…">, or <masterKey p4:requiresEncryption="true"> in the clear.
    static readonly XNamespace Framework = "http://schemas.asp.net/2015/03/dataProtection";
    static readonly XName Secret = Framework + "encryptedSecret", Clear = Framework + "requiresEncryption";
    readonly KeysUnderSecret secret = new(configuration);

    public Task StartAsync(CancellationToken cancellationToken) => Rewrite(alsoPrevious: false, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <returns>How many keys there are, and how many were rewritten.</returns>
    internal async Task<(int Keys, int Rewritten)> Rewrite(bool alsoPrevious, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var all = await connection.BeginTransactionAsync(cancel);
        // Replicas that start together, and this command beside them, take turns.
        await using (var turn = new NpgsqlCommand("lock table data_protection_key in share row exclusive mode", connection))
            await turn.ExecuteNonQueryAsync(cancel);
        var ring = new List<(string Name, XElement Key)>();
        await using (var read = new NpgsqlCommand("select name, xml from data_protection_key", connection))
        await using (var rows = await read.ExecuteReaderAsync(cancel))
            while (await rows.ReadAsync(cancel))
                ring.Add((rows.GetString(0), XElement.Parse(rows.GetString(1))));
        var rewritten = 0;
        foreach (var (name, key) in ring.Where(row => Changed(row.Key, alsoPrevious)))
        {
            await using var write = new NpgsqlCommand("update data_protection_key set xml = $2 where name = $1", connection);
            write.Parameters.AddWithValue(name);
            write.Parameters.AddWithValue(key.ToString(SaveOptions.DisableFormatting));
            rewritten += await write.ExecuteNonQueryAsync(cancel);
        }
        await all.CommitAsync(cancel);
        return (ring.Count, rewritten);
    }

    bool Changed(XElement key, bool alsoPrevious)
    {
        var changed = false;
        foreach (var part in key.DescendantsAndSelf().Where(part => part.Name == Secret || part.Attribute(Clear) is not null).ToArray())
        {
            if (part.Name == Secret)
            {
                var plain = secret.Decrypt((XElement)part.FirstNode!);
                if (alsoPrevious && !secret.IsCurrent((XElement)part.FirstNode!))
                    Write(part, plain);
            }
            else if (KeysUnderSecret.IsGiven(configuration))
                Write(part, part);
        }
        return changed;

        void Write(XElement part, XElement plain)
        {
            var hidden = secret.Encrypt(plain);
            var opener = new XAttribute("decryptorType", hidden.DecryptorType.AssemblyQualifiedName!);
            part.ReplaceWith(new XElement(Secret, opener, hidden.EncryptedElement));
            changed = true;
        }
    }
}

public static class ProtectKeysCommand
{
    public const string Name = "protect-keys";

    /// <summary><c>dotnet run --project services/X -- protect-keys</c>, with the service's connection string and both secrets.</summary>
    /// <param name="name">The name of the service's database.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> ProtectKeys(this WebApplicationBuilder builder, string name)
    {
        builder.AddServiceDefaults();
        builder.AddNpgsqlDataSource(name);
        await using var app = builder.Build();
        if (!KeysUnderSecret.IsGiven(app.Configuration))
        {
            await Console.Error.WriteLineAsync("Set DataProtection__Key, and DataProtection__PreviousKey if the secret has changed.");
            return 1;
        }
        KeysUnderSecret.Check(app.Configuration, app.Environment);
        var ring = new ProtectKeys(app.Services.GetRequiredService<NpgsqlDataSource>(), app.Configuration);
        var (keys, rewritten) = await ring.Rewrite(alsoPrevious: true, CancellationToken.None);
        Console.WriteLine($"{rewritten} of {keys} keys were re-encrypted with DataProtection__Key; the others already were.");
        return 0;
    }
}
