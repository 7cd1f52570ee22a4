using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;

namespace EnterprisePortal.Gateway.Session;

/// <summary>
/// Tickets in the database, encrypted, stored by the hash of the cookie's key: neither a copy of the table nor a cookie alone is a session.
/// </summary>
sealed class TicketStore(NpgsqlDataSource db, IDataProtectionProvider protection, IMemoryCache cache, TimeProvider clock) : ITicketStore
{
    // We promise revocation within 5 s. Revocations usually arrive at once by message; this bounds a replica that the broker cannot reach.
    static readonly TimeSpan Remembered = TimeSpan.FromSeconds(3);
    const string KeyHash = "key_hash";
    readonly IDataProtector protector = protection.CreateProtector("EnterprisePortal.Gateway.Ticket");

    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        var hash = Hash(key);
        ticket.Properties.Items[KeyHash] = Convert.ToHexString(hash);
        var (person, session) = PortalSession.Of(ticket.Principal)
            ?? throw new InvalidOperationException("Identity's access token names neither a portal user nor an operator.");
        await using var command = db.CreateCommand(
            """
            with gone as (delete from session where expires_at < $6)
              insert into session (key_hash, sid, person_id, ticket, expires_at) values ($1, $2, $3, $4, $5)
            """);
        command.Parameters.AddWithValue(hash);
        command.Parameters.AddWithValue(session);
        command.Parameters.AddWithValue(person);
        command.Parameters.AddWithValue(Protect(ticket));
        command.Parameters.AddWithValue(ticket.Properties.ExpiresUtc!.Value.ToUniversalTime());
        command.Parameters.AddWithValue(clock.GetUtcNow());
        await command.ExecuteNonQueryAsync();
        return key;
    }

    public async Task<AuthenticationTicket?> RetrieveAsync(string key)
    {
        var hash = Hash(key);
        if (cache.TryGetValue(Convert.ToHexString(hash), out AuthenticationTicket? known))
            return known!.Clone(); // A request may change its own copy.
        await using var command = db.CreateCommand("select ticket from session where key_hash = $1 and expires_at > $2");
        command.Parameters.AddWithValue(hash);
        command.Parameters.AddWithValue(clock.GetUtcNow());
        return await command.ExecuteScalarAsync() is byte[] found && Unprotect(found) is { } ticket ? Remember(ticket).Clone() : null;
    }

    public async Task RemoveAsync(string key)
    {
        var hash = Hash(key);
        cache.Remove(Convert.ToHexString(hash));
        await using var command = db.CreateCommand("delete from session where key_hash = $1");
        command.Parameters.AddWithValue(hash);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Only <see cref="Exchange"/> renews a ticket; the cookie handler never does, since its expiration does not slide.</summary>
    public Task RenewAsync(string key, AuthenticationTicket ticket) => throw new NotSupportedException();

    /// <summary>
    /// Replaces a session's ticket under a lock: with two replicas, a refresh token is still used once, and the second replica finds the
    /// new ticket. <paramref name="renew"/> receives the current ticket; null ends the session.
    /// </summary>
    internal async Task<AuthenticationTicket?> Exchange(
        AuthenticationTicket ticket, Func<AuthenticationTicket, Task<AuthenticationTicket?>> renew)
    {
        var hash = Convert.FromHexString(ticket.Properties.Items[KeyHash]!);
        await using var connection = await db.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var select = new NpgsqlCommand("select ticket from session where key_hash = $1 for update", connection)
        {
            Parameters = { new() { Value = hash } }
        };
        var renewed = await select.ExecuteScalarAsync() is byte[] found && Unprotect(found) is { } current ? await renew(current) : null;

        await using var save = renewed is null
            ? new NpgsqlCommand("delete from session where key_hash = $1", connection) { Parameters = { new() { Value = hash } } }
            : new NpgsqlCommand("update session set ticket = $2 where key_hash = $1", connection)
            {
                Parameters = { new() { Value = hash }, new() { Value = Protect(renewed) } }
            };
        await save.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        cache.Remove(Convert.ToHexString(hash));
        return renewed is null ? null : Remember(renewed);
    }

    AuthenticationTicket Remember(AuthenticationTicket ticket) => cache.Set(ticket.Properties.Items[KeyHash]!, ticket, Remembered);

    byte[] Protect(AuthenticationTicket ticket) => protector.Protect(TicketSerializer.Default.Serialize(ticket));

    AuthenticationTicket? Unprotect(byte[] ticket)
    {
        try
        {
            return TicketSerializer.Default.Deserialize(protector.Unprotect(ticket));
        }
        catch (CryptographicException)
        {
            // The key was revoked or lost: the person signs in again.
            return null;
        }
    }

    static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
