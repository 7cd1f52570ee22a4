using System.Collections.Concurrent;
using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using Npgsql;

namespace EnterprisePortal.OfficePortal;

/// <summary>What does not change about an account while it is open. Its pairing is read from the database each time.</summary>
/// <param name="Code">First segment of every path: <c>bluedolphin-austin</c>.</param>
public record OfficeAccount(string Code, string Name, string Owner, AccountContact Contact, IReadOnlyList<AccountLocation> Locations, TimeZoneInfo TimeZone, string Country)
{
    public DateOnly Today(TimeProvider clock) => DateOf(clock.GetUtcNow());

    /// <summary>The day a moment falls on, here.</summary>
    public DateOnly DateOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, TimeZone).DateTime);

    /// <summary>When a day begins here, as UTC. Where clocks skip midnight, the first moment there is.</summary>
    public DateTimeOffset StartOf(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (TimeZone.IsInvalidTime(midnight))
            midnight = midnight.AddMinutes(15);
        // A midnight that happens twice begins the day the first time, under the larger offset.
        var offset = TimeZone.IsAmbiguousTime(midnight) ? TimeZone.GetAmbiguousTimeOffsets(midnight).Max() : TimeZone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset).ToUniversalTime();
    }
}

/// <summary>The accounts of this process, read once each: accounts are added (demo, import), never renamed or moved.</summary>
public sealed class OfficeAccounts(NpgsqlDataSource db)
{
    const string Select = "select code, name, owner, contact, locations, time_zone, country from account";
    readonly ConcurrentDictionary<string, OfficeAccount> known = new(StringComparer.Ordinal);

    /// <summary>null where there is no such account.</summary>
    public async ValueTask<OfficeAccount?> Find(string code, CancellationToken cancel = default)
    {
        if (known.TryGetValue(code, out var account))
            return account;
        await using var command = db.CreateCommand(Select + " where code = $1");
        command.Parameters.Add(new() { Value = code });
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? known[code] = Read(row) : null;
    }

    public async Task<IReadOnlyList<OfficeAccount>> All(CancellationToken cancel = default)
    {
        await using var command = db.CreateCommand(Select + " order by code");
        await using var row = await command.ExecuteReaderAsync(cancel);
        var accounts = new List<OfficeAccount>();
        while (await row.ReadAsync(cancel))
            accounts.Add(Read(row));
        return accounts;
    }

    static OfficeAccount Read(NpgsqlDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2),
        JsonSerializer.Deserialize<AccountContact>(row.GetString(3), JsonSerializerOptions.Web)!,
        JsonSerializer.Deserialize<AccountLocation[]>(row.GetString(4), JsonSerializerOptions.Web)!,
        TimeZoneInfo.FindSystemTimeZoneById(row.GetString(5)), row.GetString(6));
}
