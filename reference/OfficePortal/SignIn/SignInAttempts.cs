using System.Security.Cryptography;
using System.Text;
using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using Npgsql;

namespace EnterprisePortal.OfficePortal.SignIn;

/// <summary>
/// Slows down whoever guesses passwords, without letting them shut anybody out: after five attempts for one e-mail a client address
/// waits, and only a guesser with many addresses closes the password of that e-mail to everybody, at the fiftieth. Nothing but the
/// password sign-in asks here: no lock of a password keeps the portal out. What is counted is the e-mail as it was typed, whether a staff
/// user has it or not, so that the answers tell nobody which e-mails exist.
/// </summary>
public sealed class SignInAttempts(NpgsqlDataSource db, TimeProvider clock)
{
    /// <summary>For <c>exists</c>, behind conditions that choose one e-mail: a row for each address that waits, one for a closed password.</summary>
    const string TooMany = """
        at > @now - interval '15 minutes' group by rollup (address) having count(*) >= case grouping(address) when 1 then 50 else 5 end
        """;

    /// <summary>Condition on table <c>staff</c>, with <c>@now</c>: somebody is kept from using this password.</summary>
    public const string PasswordLocked = $"""
        staff.password_hash is not null and exists (select from sign_in_attempt
          where sign_in_attempt.account = staff.account and email_hash = sha256(convert_to(staff.email, 'UTF8')) and {TooMany})
        """;

    /// <summary>Counted before the password is looked at, and one after the other: simultaneous guesses all count.</summary>
    /// <returns>False where there have been too many; that one does not count, so that waiting helps.</returns>
    public async Task<bool> Begin(Account account, string email, string address, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        return await connection.ExecuteAsync($"""
            select pg_advisory_xact_lock(hashtextextended(@Code || encode(@hash, 'hex'), 0));
            insert into sign_in_attempt (account, email_hash, address, at) select @Code, @hash, @address, @now
            where not exists (select from sign_in_attempt
              where account = @Code and email_hash = @hash and {TooMany} and (grouping(address) = 1 or address = @address))
            """, new { account.Code, hash = Hash(email), address, now = clock.GetUtcNow() }) > 0;
    }

    /// <summary>They are who they say: what they mistyped before is forgotten, what was tried from elsewhere is not.</summary>
    public async Task Succeeded(Account account, string email, string address)
    {
        await using var connection = await db.OpenConnectionAsync();
        await connection.ExecuteAsync("delete from sign_in_attempt where account = @Code and email_hash = @hash and address = @address",
            new { account.Code, hash = Hash(email), address });
    }

    /// <summary>On the connection of the owner's "Unlock".</summary>
    /// <returns>How many there were; none the second time.</returns>
    public static Task<int> Forget(NpgsqlConnection connection, Account account, string email) =>
        connection.ExecuteAsync("delete from sign_in_attempt where account = @Code and email_hash = @hash",
            new { account.Code, hash = Hash(email) });

    public async Task ForgetOld()
    {
        await using var connection = await db.OpenConnectionAsync();
        await connection.ExecuteAsync("delete from sign_in_attempt where at < @now - interval '15 minutes'",
            new { now = clock.GetUtcNow() });
    }

    static byte[] Hash(string email) => SHA256.HashData(Encoding.UTF8.GetBytes(email));
}
