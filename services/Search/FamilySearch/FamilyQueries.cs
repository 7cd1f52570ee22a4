using System.Collections;
using System.Collections.Concurrent;
using EnterprisePortal.ServiceDefaults.People;
using Npgsql;
using NpgsqlTypes;

namespace EnterprisePortal.Search.FamilySearch;

/// <summary>
/// The SQL of a family search, one text per shape of query so that each connection prepares it once. One index leads and yields hits in its
/// own order; the other criteria are checked on each hit's family. The reach is part of the lead's condition.
/// </summary>
static class FamilyQueries
{
    /// <summary>The most hits counted: with more, a person refines the search.</summary>
    internal const int MostHits = 1200;

    /// <summary>Up to this size of a reach, querying account by account beats filtering the whole index.</summary>
    internal const int NarrowReach = 32;

    /// <summary>A shorter beginning of an e-mail matches too many families to lead if there is also a name.</summary>
    const int TellingEmail = 6;

    static readonly ConcurrentDictionary<Shape, (string Hits, string Families)> texts = new();

    enum Lead { Word, Words, WordAndInitial, Email, Phone }

    readonly record struct Shape(Lead Lead, bool Narrow, bool CheckName, bool CheckEmail, int Families);

    /// <summary>
    /// First result: family and account of every hit. Second: the details of the first <paramref name="limit"/> families, in the order of
    /// the lead.
    /// </summary>
    internal static NpgsqlBatch Batch(NpgsqlConnection connection, Criteria criteria, ReachedAccounts reach, int limit)
    {
        var lead = LeadOf(criteria);
        var shape = new Shape(lead, reach.Numbers.Length <= NarrowReach && lead <= Lead.WordAndInitial,
            criteria.Words.Count > 0 && lead > Lead.WordAndInitial, criteria.Email.Length > 0 && lead != Lead.Email,
            // Twice the limit, since a family may be hit more than once; a literal, since a generic plan estimates a parameter badly.
            limit <= 50 ? 100 : 400);
        var (hits, families) = texts.GetOrAdd(shape, static shape => Write(shape));

        var batch = new NpgsqlBatch(connection);
        var parameters = Parameters(criteria, reach);
        foreach (var text in (ReadOnlySpan<string>)[hits, families])
        {
            var command = new NpgsqlBatchCommand(text);
            foreach (var parameter in parameters)
                command.Parameters.Add(parameter.Clone());
            batch.BatchCommands.Add(command);
        }
        return batch;
    }

    internal const string FamiliesById = $"select {Shown} from family f where f.family_id = any($1)";

    const string Shown = "f.family_id, f.account_no, f.external_id, f.guardians, f.emails, f.phones, f.active";

    internal static bool IsTelling(string email) => email.Length >= TellingEmail;

    static Lead LeadOf(Criteria criteria) => criteria switch
    {
        { Phones.Length: > 0 } => Lead.Phone,
        { Words.Count: 0 } => Lead.Email,
        _ when IsTelling(criteria.Email) => Lead.Email,
        { Words.Count: 1 } => Lead.Word,
        _ => criteria.Words[1].Length == 1 ? Lead.WordAndInitial : Lead.Words
    };

    static NpgsqlParameter[] Parameters(Criteria criteria, ReachedAccounts reach)
    {
        var words = criteria.Words;
        var lead = words.Count > 0 ? words[0] : "";
        // A single letter may be the first of the two letters that begin a pair.
        var pair = words.Count < 2 ? "" : lead.Length == 1 ? lead : $"{NameTokens.Start(lead)} {NameTokens.Start(words[1])}";
        return
        [
            new NpgsqlParameter<BitArray> { TypedValue = reach.Bits, NpgsqlDbType = NpgsqlDbType.Varbit },
            new NpgsqlParameter<int[]> { TypedValue = reach.Numbers.Length <= NarrowReach ? reach.Numbers : [] },
            Text(lead), Text(End(lead)), Text(pair), Text(End(pair)),
            Texts([.. words.Skip(1).Select(word => $"% {word}%")]), Texts([.. words.Select(word => $"% {word}%")]),
            Text(criteria.Email), Text(End(criteria.Email)),
            Texts(criteria.Phones), Texts([.. criteria.Phones.Select(End)])
        ];

        static NpgsqlParameter Text(string value) => new NpgsqlParameter<string> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };
        static NpgsqlParameter Texts(string[] value) =>
            new NpgsqlParameter<string[]> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
        // Every text that begins with the prefix sorts below the prefix followed by the last code point.
        static string End(string prefix) => prefix + "\U0010FFFF";
    }

    static (string Hits, string Families) Write(Shape shape) =>
        ($"select family_id, account_no from ({Hits(shape, MostHits, ordered: !shape.Narrow)}) h",
         $"select {Shown} from ({Hits(shape, shape.Families, ordered: true)}) h join family f using (family_id) order by h.key, "
         + "h.account_no, h.family_id");

    static string Hits(Shape shape, int most, bool ordered)
    {
        var (columns, table, condition) = shape.Lead switch
        {
            // Within one account the words alone select few; the pair would lead the planner to the index that reads it for every account.
            Lead.Words or Lead.WordAndInitial when shape.Narrow =>
                ("k.key", "name_key", "k.key >= $3 and k.key < $4 and k.key like all ($7)"),
            Lead.Word => ("k.key", "name_key", "not k.dup and k.key >= $3 and k.key < $4"),
            Lead.Words => ("k.key", "name_key", "k.pair = $5 and k.key >= $3 and k.key < $4 and k.key like all ($7)"),
            Lead.WordAndInitial =>
                ("k.key", "name_key", "k.pair >= $5 and k.pair < $6 and k.key >= $3 and k.key < $4 and k.key like all ($7)"),
            Lead.Email => ("k.email as key", "email", "k.email >= $9 and k.email < $10"),
            _ => ("k.reversed as key", "phone", "k.reversed >= ending.low and k.reversed < ending.high")
        };
        var reach = shape.Narrow ? "k.account_no = reached.no" : "get_bit($1, k.account_no) = 1";
        var hits = $"select k.family_id, k.account_no, {columns} from {table} k where {condition} and {reach}{Checks(shape)}";
        var each = $"{hits}{(ordered ? $" order by {columns.Split(' ')[0]}, k.account_no, k.family_id" : "")} limit {most}";
        var source = shape switch
        {
            { Narrow: true } => "unnest($2) reached(no)",
            { Lead: Lead.Phone } => "unnest($11, $12) ending(low, high)",
            _ => null
        };
        return source is null ? each
            : $"select k.* from {source} cross join lateral ({each}) k{(ordered ? " order by k.key, k.account_no, k.family_id" : "")} "
                + $"limit {most}";
    }

    static string Checks(Shape shape) =>
        (shape.CheckName
            ? " and exists (select from family f, unnest(f.words) guardian where f.family_id = k.family_id and guardian like all ($8))"
            : "")
        + (shape.CheckEmail ? " and exists (select from email e where e.family_id = k.family_id and e.email ^@ $9)" : "");
}
