using System.Security.Cryptography;
using System.Text;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.Messaging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EnterprisePortal.Audit;

/// <summary>
/// The connection string is the owner's: it is used to run the scripts, and for nothing else. The service itself logs in as another role,
/// which may add to the log and read it, but not change, delete or truncate. It is a login of its own, not <c>set role</c>, since injected
/// SQL could <c>reset role</c>. See docs/adr/0007-a-log-nobody-can-bend.md.
/// </summary>
public static class AppendOnlyDatabase
{
    public static WebApplicationBuilder AddAppendOnlyDatabase(this WebApplicationBuilder builder)
    {
        var owner = new NpgsqlConnectionStringBuilder(builder.Configuration.GetConnectionString("audit")
            ?? throw new InvalidOperationException("ConnectionStrings:audit is not set."));
        var login = $"{owner.Database}_writer";
        var key = new SigningKey(Options.Create(builder.Configuration.GetSection("Audit").Get<AuditOptions>() ?? new()));
        var password = key.PasswordOf(login);
        builder.Services.AddSingleton<IHostedService>(services =>
            new PrepareDatabase(owner.ConnectionString, login, password, services.GetRequiredService<ILogger<MigrateDatabase>>()));
        builder.AddNpgsqlDataSource("audit", settings =>
            settings.ConnectionString = new NpgsqlConnectionStringBuilder(owner.ConnectionString)
            { Username = login, Password = password }.ConnectionString);
        return builder;
    }
}

/// <summary>
/// Before anything else starts: creates the login, the tables, and the grants between them. Replicas take turns; repeating it changes
/// nothing.
/// </summary>
sealed class PrepareDatabase(string owner, string login, string password, ILogger<MigrateDatabase> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var db = NpgsqlDataSource.Create(owner);
        foreach (var scripts in new[] { typeof(MessagingExtensions).Assembly, typeof(PrepareDatabase).Assembly })
            await new MigrateDatabase(db, scripts, log).StartAsync(cancellationToken);
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            $"""
            select pg_advisory_xact_lock(hashtextextended('prepare-database', 0));
            do $$ begin if to_regrole('"{login}"') is null then create role "{login}" login; end if; end $$;
            alter role "{login}" password '{Verifier()}';
            revoke create on schema public from public;
            revoke all on all tables in schema public from "{login}";
            grant usage on schema public to "{login}";
            grant select on all tables in schema public to "{login}";
            grant insert on activity, actor to "{login}";
            grant insert, update on chain_head, account_feed to "{login}";
            grant execute on function make_month, old_month, hold_month, drop_month to "{login}";
            grant insert, update, delete on outbox, inbox, directory, identity_keys, revoked_session, parked_message to "{login}";
            """, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A SCRAM verifier (RFC 5803), so that the password itself reaches neither the server nor its logs.</summary>
    string Verifier()
    {
        const int rounds = 4096;
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, salt, rounds, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        byte[] Of(string what) => HMACSHA256.HashData(salted, Encoding.ASCII.GetBytes(what));
        var (storedKey, serverKey) = (SHA256.HashData(Of("Client Key")), Of("Server Key"));
        return $"SCRAM-SHA-256${rounds}:{Convert.ToBase64String(salt)}"
            + $"${Convert.ToBase64String(storedKey)}:{Convert.ToBase64String(serverKey)}";
    }
}
