using System.Collections;
using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using EnterprisePortal.ServiceDefaults.Directory;
using Npgsql;

namespace EnterprisePortal.Search;

/// <summary>
/// The small numbers by which the index knows accounts, and the age of each account's data. A number never changes, so numbers are cached;
/// ages are read again every second at most.
/// </summary>
public sealed class AccountNumbers(NpgsqlDataSource db, TimeProvider clock)
{
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    readonly ConditionalWeakTable<Reach, ReachedNumbers> reaches = [];
    volatile Known known = new([], default);

    /// <summary>This instance has just changed an account's data.</summary>
    public void Forget() => known = known with { ReadAt = default };

    public async ValueTask<int> Of(string account, CancellationToken cancel)
    {
        if (!known.Accounts.ContainsKey(account))
            known = await Read([account], cancel);
        return known.Accounts[account].Number;
    }

    /// <param name="accounts">Codes; null or empty: all.</param>
    /// <param name="groups">Ids; null or empty: all. An account must be in one of them, and in <paramref name="accounts"/>.</param>
    /// <returns>null if one of them is outside the reach.</returns>
    public async ValueTask<ReachedAccounts?> Of(Reach reach, string[]? accounts, string[]? groups, CancellationToken cancel)
    {
        var now = known;
        if (!reaches.TryGetValue(reach, out var all) || clock.GetUtcNow() - now.ReadAt > Fresh)
        {
            known = now = await Read(reach.Codes, cancel);
            all = new([.. reach.Accounts.Values.Where(account => account.Status != Contracts.Accounts.AccountState.Suspended)
                .Select(account => now.Accounts[account.Code].Number).Order()], now.Highest);
            reaches.AddOrUpdate(reach, all);
        }
        if (accounts is not { Length: > 0 } && groups is not { Length: > 0 })
            return new(all, now);

        var wanted = reach.Codes.ToHashSet();
        if (accounts is { Length: > 0 })
        {
            if (!accounts.All(reach.Contains))
                return null;
            wanted.IntersectWith(accounts);
        }
        if (groups is { Length: > 0 })
        {
            var found = reach.Groups.Where(group => groups.Contains(group.Id.ToString(), StringComparer.OrdinalIgnoreCase)).ToArray();
            if (found.Length < groups.Distinct(StringComparer.OrdinalIgnoreCase).Count())
                return null;
            wanted.IntersectWith(found.SelectMany(group => group.Accounts));
        }
        var numbers = wanted.Select(code => now.Accounts[code].Number).ToHashSet();
        return new(new([.. all.Numbers.Where(numbers.Contains)], now.Highest), now);
    }

    async Task<Known> Read(string[] codes, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var connection = await db.OpenConnectionAsync(cancel);
        if (codes.Any(code => !known.Accounts.ContainsKey(code)))
        {
            await using var add = new NpgsqlCommand(
                "insert into account (code) select code from unnest($1) code where not exists (select from account a where a.code = "
                + "code.code) on conflict do nothing", connection);
            add.Parameters.AddWithValue(codes);
            await add.ExecuteNonQueryAsync(cancel);
        }
        var accounts = new List<IndexedAccount>();
        await using var read = new NpgsqlCommand(
            "select account_no, code, greatest(snapshot_taken_at, changes_taken_at) from account", connection);
        await using var rows = await read.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            accounts.Add(new(rows.GetInt32(0), rows.GetString(1), rows.IsDBNull(2) ? null : rows.GetFieldValue<DateTimeOffset>(2)));
        return new(accounts, now);
    }

    internal sealed record Known(FrozenDictionary<string, IndexedAccount> Accounts, FrozenDictionary<int, IndexedAccount> ByNumber,
        DateTimeOffset ReadAt)
    {
        public Known(IReadOnlyCollection<IndexedAccount> accounts, DateTimeOffset readAt)
            : this(accounts.ToFrozenDictionary(account => account.Code), accounts.ToFrozenDictionary(account => account.Number), readAt) { }

        public int Highest => ByNumber.Keys.Length > 0 ? ByNumber.Keys.Max() : 0;
    }

    internal sealed record IndexedAccount(int Number, string Code, DateTimeOffset? AsOf);

    internal sealed class ReachedNumbers
    {
        /// <summary>Room for accounts that another replica numbers during a search: get_bit refuses a number beyond the end.</summary>
        const int SpareNumbers = 1024;

        internal ReachedNumbers(int[] numbers, int highest)
        {
            Numbers = numbers;
            Bits = new((highest / SpareNumbers + 2) * SpareNumbers);
            foreach (var number in numbers)
                Bits[number] = true;
        }

        public int[] Numbers { get; }
        public BitArray Bits { get; }
    }
}

/// <summary>The accounts of one search.</summary>
public sealed class ReachedAccounts
{
    readonly AccountNumbers.ReachedNumbers reached;
    readonly AccountNumbers.Known known;

    internal ReachedAccounts(AccountNumbers.ReachedNumbers reached, AccountNumbers.Known known) =>
        (this.reached, this.known) = (reached, known);

    public int[] Numbers => reached.Numbers;
    public BitArray Bits => reached.Bits;
    public string Code(int number) => known.ByNumber[number].Code;
    public DateTimeOffset? AsOf(int number) => known.ByNumber[number].AsOf;
}
