using System.Collections;
using EnterprisePortal.Contracts.Http;
using Npgsql;
using NpgsqlTypes;

namespace EnterprisePortal.Search.FamilySearch;

/// <summary>
/// Families with a near name, if nobody has the exact one; e-mail and phone stay exact. First finds which near words exist at all, then the
/// families in reach that they lead to in the index of the exact search; the decision is made here, on whole guardians.
/// </summary>
static class NearFamilies
{
    /// <summary>Nearest first.</summary>
    const int MostLeads = 400;

    /// <summary>With more contacts of one ending, no near names are searched.</summary>
    const int MostContacts = 200;

    const string ExistingWords =
        "select v from unnest($1) v where exists (select from name_key k where not k.dup and k.key >= v and k.key < v || '!')";

    // Words consist of letters and digits, and '!' sorts after the space: the range up to it has all keys that begin with the whole word.
    const string ByWord =
        """
        select k.family_id from unnest($2, $3, $4) lead(low, high, other) cross join lateral (
          select k.family_id from name_key k where not k.dup and k.key >= lead.low and k.key < lead.high and k.key like lead.other
            and get_bit($1, k.account_no) = 1 limit 40) k limit 800
        """;

    const string ByPair =
        """
        select k.family_id from unnest($2, $3, $4, $5) lead(low, high, other, pair) cross join lateral (
          select k.family_id from name_key k where k.pair = lead.pair and k.key >= lead.low and k.key < lead.high and k.key like lead.other
            and get_bit($1, k.account_no) = 1 limit 40) k limit 800
        """;

    const string InFewAccounts =
        """
        select k.family_id from unnest($2, $3, $4) lead(low, high, other) cross join unnest($5) reached(no) cross join lateral (
          select k.family_id from name_key k where k.account_no = reached.no and k.key >= lead.low and k.key < lead.high
            and k.key like lead.other limit 40) k limit 800
        """;

    /// <summary>Nearest first.</summary>
    internal static async Task<List<(FoundFamily Family, string Why)>> Find(
        NpgsqlConnection connection,
        string name,
        Criteria criteria,
        ReachedAccounts reach,
        int most,
        Func<NpgsqlDataReader, FoundFamily> read,
        CancellationToken cancel)
    {
        var byContact = criteria.Phones.Length > 0
            || FamilyQueries.IsTelling(criteria.Email) ? await ByContact(connection, criteria, reach, read, cancel) : null;
        foreach (var far in (bool[])[false, true])
        {
            var names = new NearNames(name, far);
            var near = new List<(FoundFamily Family, Nearness Name)>();
            foreach (var family in byContact ?? await ByName(connection, names, reach, read, cancel))
            {
                if (criteria.Email.Length > 0
                    && !family.Emails.Any(email => email.StartsWith(criteria.Email, StringComparison.OrdinalIgnoreCase)))
                    continue;
                if (family.Guardians.Select(guardian => Nearness.Of(guardian.Name, names)).OfType<Nearness>()
                    .MinBy(name => name.Order) is { } nearest)
                    near.Add((family, nearest));
            }
            if (near.Count > 0)
                return [.. near.OrderBy(found => found.Name.Order).Take(most).Select(found => (found.Family, found.Name.Why))];
        }
        return [];
    }

    static async Task<List<FoundFamily>> ByContact(
        NpgsqlConnection connection,
        Criteria criteria,
        ReachedAccounts reach,
        Func<NpgsqlDataReader, FoundFamily> read,
        CancellationToken cancel)
    {
        await using var batch = FamilyQueries.Batch(connection, criteria with { Words = [] }, reach, MostContacts);
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        await rows.NextResultAsync(cancel);
        // One row for each matching phone and e-mail of a family.
        return [.. (await Read(rows, read, cancel)).DistinctBy(family => (family.Account, family.FamilyId))];
    }

    static async Task<List<FoundFamily>> ByName(
        NpgsqlConnection connection,
        NearNames names,
        ReachedAccounts reach,
        Func<NpgsqlDataReader, FoundFamily> read,
        CancellationToken cancel)
    {
        var existing = await Existing(connection, names, cancel);
        var leads = names.Readings.SelectMany(reading => Lead.Of(reading, existing)).OrderBy(lead => lead.Cost).Take(MostLeads).ToArray();
        var families = new List<int>();
        await using (var batch = new NpgsqlBatch(connection))
        {
            foreach (var command in Commands(leads, reach))
                batch.BatchCommands.Add(command);
            if (batch.BatchCommands.Count == 0)
                return [];
            await using var rows = await batch.ExecuteReaderAsync(cancel);
            do
                while (await rows.ReadAsync(cancel))
                    families.Add(rows.GetInt32(0));
            while (await rows.NextResultAsync(cancel));
        }
        await using var byId = new NpgsqlCommand(FamilyQueries.FamiliesById, connection)
        {
            Parameters = { new() { Value = families.Distinct().ToArray() } }
        };
        await using var found = await byId.ExecuteReaderAsync(cancel);
        return await Read(found, read, cancel);
    }

    static async Task<HashSet<string>> Existing(NpgsqlConnection connection, NearNames names, CancellationToken cancel)
    {
        string[] words =
            [.. names.Readings.SelectMany(reading => reading.Terms).SelectMany(term => term.Near.Keys.Append(term.Typed)).Distinct()];
        await using var command = new NpgsqlCommand(ExistingWords, connection)
        {
            Parameters = { new NpgsqlParameter<string[]> { TypedValue = words } }
        };
        var existing = new HashSet<string>();
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            existing.Add(rows.GetString(0));
        return existing;
    }

    static IEnumerable<NpgsqlBatchCommand> Commands(Lead[] leads, ReachedAccounts reach)
    {
        var byPair = leads.ToLookup(lead => lead.Pair.Length > 0);
        if (byPair[true].ToArray() is { Length: > 0 } pairs)
            yield return Command(ByPair, reach, Texts(pairs, lead => lead.Low), Texts(pairs, lead => lead.High),
                Texts(pairs, lead => lead.Other), Texts(pairs, lead => lead.Pair));
        if (byPair[false].ToArray() is not { Length: > 0 } words)
            yield break;
        if (reach.Numbers.Length <= FamilyQueries.NarrowReach)
            yield return Command(InFewAccounts, reach, Texts(words, lead => lead.Low), Texts(words, lead => lead.High),
                Texts(words, lead => lead.Other), new NpgsqlParameter<int[]> { TypedValue = reach.Numbers });
        else
            yield return Command(ByWord, reach, Texts(words, lead => lead.Low), Texts(words, lead => lead.High),
                Texts(words, lead => lead.Other));
    }

    static NpgsqlBatchCommand Command(string text, ReachedAccounts reach, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(text)
        {
            Parameters = { new NpgsqlParameter<BitArray> { TypedValue = reach.Bits, NpgsqlDbType = NpgsqlDbType.Varbit } }
        };
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return command;
    }

    static NpgsqlParameter Texts(Lead[] leads, Func<Lead, string> text) =>
        new NpgsqlParameter<string[]>
        {
            TypedValue = Array.ConvertAll(leads, lead => text(lead)),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text
        };

    static async Task<List<FoundFamily>> Read(NpgsqlDataReader rows, Func<NpgsqlDataReader, FoundFamily> read, CancellationToken cancel)
    {
        var families = new List<FoundFamily>();
        while (await rows.ReadAsync(cancel))
            families.Add(read(rows));
        return families;
    }
}
