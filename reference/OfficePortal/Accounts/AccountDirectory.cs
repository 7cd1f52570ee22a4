using System.Collections.Concurrent;
using Dapper;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Accounts;

/// <summary>Accounts by code, remembered for two seconds: a ringing phone asks all of them at once.</summary>
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
            "select code, name, time_zone, country, issuer, enterprise_id, enterprise_name, client_id, paired_code_hash is not null as pairing_repeatable from account where code = @code", new { code });
        if (account is not null)
            known[code] = (account, at);
        return account;
    }

    /// <summary>The portal has the pairing's answer: from now on the code is used for good.</summary>
    public async Task Paired(Account account)
    {
        await using var connection = await db.OpenConnectionAsync();
        await connection.ExecuteAsync("update account set paired_code_hash = null, paired_code_until = null where code = @Code", new { account.Code });
        Forget(account.Code);
    }

    /// <summary>After a change, so that whoever made it sees it at once.</summary>
    public void Forget(string code) => known.TryRemove(code, out _);
}
