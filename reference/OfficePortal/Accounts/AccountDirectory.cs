using System.Collections.Concurrent;
using Dapper;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Accounts;

/// <summary>Accounts by code, cached for two seconds: a ringing phone queries all of them at once.</summary>
public sealed class AccountDirectory(NpgsqlDataSource db, TimeProvider clock)
{
    static readonly TimeSpan Remembered = TimeSpan.FromSeconds(2);
    readonly ConcurrentDictionary<string, (Account Account, long At)> known = new();

    public async ValueTask<Account?> Find(string code, CancellationToken cancel)
    {
        if (known.TryGetValue(code, out var entry) && clock.GetElapsedTime(entry.At) < Remembered)
            return entry.Account;
        var at = clock.GetTimestamp();
        await using var connection = await db.OpenConnectionAsync(cancel);
        var account = await connection.QuerySingleOrDefaultAsync<Account>(
            "select code, name, time_zone, country, issuer, enterprise_id, enterprise_name, client_id, paired_code_hash is not null as "
            + "pairing_repeatable from account where code = @code", new { code });
        if (account is not null)
            known[code] = (account, at);
        return account;
    }

    /// <summary>The portal has received the pairing's answer: the code can no longer be used.</summary>
    public async Task Paired(Account account)
    {
        await using var connection = await db.OpenConnectionAsync();
        await connection.ExecuteAsync("update account set paired_code_hash = null, paired_code_until = null where code = @Code", new
            { account.Code });
        Forget(account.Code);
    }

    /// <summary>Call after a change, so that it is visible at once.</summary>
    public void Forget(string code) => known.TryRemove(code, out _);
}
