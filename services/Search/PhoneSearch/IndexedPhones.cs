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

    /// <summary>What the last sync knew of families that have been found, so that staff can tell them apart.</summary>
    public async Task<CallerMatch[]> WithDetails(CallerMatch[] matches, CancellationToken cancel)
    {
        var asked = matches.SelectMany(match => match.Families.Select(family => (match.Account, family.FamilyId))).ToArray();
        await using var command = connections.Source.CreateCommand(
            """
            select a.code, f.external_id, f.guardians, f.emails, f.active
            from unnest($1, $2) asked(code, id)
            join account a on a.code = asked.code
            join family f on f.account_no = a.account_no and f.external_id = asked.id
            """);
        command.Parameters.AddWithValue(asked.Select(pair => pair.Account).ToArray());
        command.Parameters.AddWithValue(asked.Select(pair => pair.FamilyId).ToArray());
        var known = new Dictionary<(string, string), (string[] Guardians, string[] Emails, bool Active)>();
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            known[(rows.GetString(0), rows.GetString(1))] =
                (rows.GetFieldValue<string[]>(2), rows.GetFieldValue<string[]>(3), rows.GetBoolean(4));
        return [.. matches.Select(match => match with { Families = [.. match.Families.Select(family => With(match.Account, family))] })];

        CallerFamily With(string account, CallerFamily family) => known.TryGetValue((account, family.FamilyId), out var details)
            ? family with
            {
                Guardians = details.Guardians,
                EmailEnding = details.Emails is [var email, ..] ? Ending(email) : null,
                WasActive = details.Active
            }
            : family;
    }

    /// <summary><c>grace.holloway@home.example</c> → <c>…oway@home.example</c>, of a short name only its second half.</summary>
    static string? Ending(string email) =>
        email.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? $"…{email[(at - Math.Min(4, (at + 1) / 2))..]}" : null;

    public sealed record Indexed(string Account, CallerFamily Family, DateTimeOffset? AsOf);
}
