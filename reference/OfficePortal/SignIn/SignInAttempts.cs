using System.Security.Cryptography;
using System.Text;
using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using Npgsql;

namespace EnterprisePortal.OfficePortal.SignIn;

/// <summary>
/// Slows down password guessing, without letting a guesser lock anybody out: after five attempts for one e-mail a client address must wait,
/// and only a guesser with many addresses closes the password of that e-mail to everybody, at the fiftieth. Only the password sign-in
/// checks this: no lock of a password keeps the portal out. Attempts are counted by the e-mail as typed, whether a staff user has it or
/// not, so that the answers reveal no e-mails.
/// </summary>
public sealed class SignInAttempts(NpgsqlDataSource db, TimeProvider clock)
{
    /// <summary>
    /// For <c>exists</c>, after conditions that choose one e-mail: a row for each address that must wait, one for a closed password.
    /// </summary>
    const string TooMany = """
        at > @now - interval '15 minutes' group by rollup (address) having count(*) >= case grouping(address) when 1 then 50 else 5 end
        """;

    /// <summary>A condition on table <c>staff</c>, with <c>@now</c>: somebody is kept from using this password.</summary>
    public const string PasswordLocked = $"""
        staff.password_hash is not null and exists (select from sign_in_attempt
          where sign_in_attempt.account = staff.account and email_hash = sha256(convert_to(staff.email, 'UTF8')) and {TooMany})
        """;

    /// <summary>Counted before the password is checked, and one after the other: simultaneous guesses all count.</summary>
    /// <returns>False if there have been too many; a refused attempt does not count, so that waiting helps.</returns>
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

    /// <summary>The password was right: the client's earlier mistakes are forgotten, attempts from other addresses are not.</summary>
    public async Task Succeeded(Account account, string email, string address)
    {
        await using var connection = await db.OpenConnectionAsync();
        await connection.ExecuteAsync("delete from sign_in_attempt where account = @Code and email_hash = @hash and address = @address",
            new { account.Code, hash = Hash(email), address });
    }

    /// <summary>Uses the connection of the owner's "Unlock".</summary>
    /// <returns>The number of attempts; none the second time.</returns>
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
