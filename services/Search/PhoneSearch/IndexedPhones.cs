using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Search.FamilySearch;

namespace EnterprisePortal.Search.PhoneSearch;

/// <summary>The families of a number as of the last sync, for accounts that do not answer.</summary>
public sealed class IndexedPhones(SearchConnections connections)
{
    public async Task<ILookup<string, Indexed>> Families((string Account, string E164)[] asked, CancellationToken cancel)
    {
        if (asked.Length == 0)
            return Array.Empty<Indexed>().ToLookup(family => family.Account);
        await using var command = connections.Source.CreateCommand(
            """
            select a.code, f.external_id, f.guardians, f.active, greatest(a.snapshot_taken_at, a.changes_taken_at)
            from unnest($1, $2) asked(code, reversed)
            join account a on a.code = asked.code
            join phone p on p.reversed = asked.reversed and p.account_no = a.account_no
            join family f on f.family_id = p.family_id
            order by f.external_id
            """);
        command.Parameters.AddWithValue(asked.Select(pair => pair.Account).ToArray());
        command.Parameters.AddWithValue(asked.Select(pair => PhoneDigits.Reversed(PhoneDigits.Of(pair.E164))).ToArray());
        var found = new List<Indexed>();
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            found.Add(new(rows.GetString(0), new(rows.GetString(1), string.Join(", ", rows.GetFieldValue<string[]>(2)), rows.GetBoolean(3)),
                rows.IsDBNull(4) ? null : rows.GetFieldValue<DateTimeOffset>(4)));
        return found.ToLookup(family => family.Account);
    }

    public sealed record Indexed(string Account, CallerFamily Family, DateTimeOffset? AsOf);
}
