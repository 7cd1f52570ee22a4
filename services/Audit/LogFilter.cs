using System.ComponentModel.DataAnnotations;
using System.Text.Encodings.Web;
using System.Text.Json;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.Audit;

/// <summary>The part of the log that a person asks for, limited to what they may see.</summary>
/// <param name="From">A day (<c>2026-11-01</c>, UTC) or a moment (<c>2026-11-01T08:00:00Z</c>), inclusive; so is <paramref
/// name="To"/>.</param>
/// <param name="Person">An id, an e-mail, or part of a name, current or former.</param>
/// <param name="Action"><c>account.entered</c>, or a whole kind: <c>account</c>. Several are separated by commas.</param>
/// <param name="Q">Words that the subject, the person or the details contain.</param>
public record LogFilter(string? From, string? To, [property: MaxLength(200)] string? Person, [property: MaxLength(100)] string? Action,
    [property: MaxLength(100)] string? Account, [property: MaxLength(200)] string? Q)
{
    /// <summary>Trigrams need three letters; a shorter word would read the whole log.</summary>
    const int ShortestWord = 3;

    /// <summary>An entry's columns, as <see cref="ReadLog.Read"/> reads them.</summary>
    public const string Columns =
        "id, at, person, person_id, person_email, level, group_id, action, subject, account, source, ip, details::text";

    /// <returns>The conditions, or the reason why there are none.</returns>
    internal async Task<(Conditions? Where, ValidationProblem? Problem)> For(
        Person person, Reach reach, NpgsqlCommand command, NpgsqlDataSource db, CancellationToken cancel)
    {
        if (!Moment.TryRead(From, endOfDay: false, out var from))
            return (null, Refusal.Invalid("from", Moment.Expected));
        if (!Moment.TryRead(To, endOfDay: true, out var to))
            return (null, Refusal.Invalid("to", Moment.Expected));
        if (from > to)
            return (null, Refusal.Invalid("from", "This is after the end."));
        var words = (Q ?? "").ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 0 && words.All(word => word.Length < ShortestWord))
            return (null, Refusal.Invalid("q", $"Give a word of at least {ShortestWord} characters."));

        var where = new Conditions(command);
        Scope(where, person, reach);
        if (from is not null)
            where.And($"at >= {where.Value(from)}");
        if (to is not null)
            where.And($"at <= {where.Value(to)}");
        if (!string.IsNullOrWhiteSpace(Person))
        {
            var ids = await PeopleNamed(reach, db, cancel);
            where.And(ids is [var one] ? $"person_id = {where.Value(one)}" : $"person_id = any({where.Value(ids)})");
        }
        var actions = (Action ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (actions.Length > 0)
            where.And(AnyOf(where, actions));
        if (Account is { Length: > 0 } account)
            where.And($"account = {where.Value(account)}");
        foreach (var word in words)
            where.And(Contains(where, word));
        return (where, null);
    }

    /// <summary>A User sees their own entries, an Admin those of their group and all below, a root Admin the enterprise's.</summary>
    static void Scope(Conditions where, Person person, Reach reach)
    {
        where.And($"enterprise_id = {where.Value(reach.Enterprise?.Id ?? Guid.Empty)}");
        if (!person.IsAdmin)
            where.And($"person_id = {where.Value(person.Id)}");
        else if (reach.Group?.ParentId is not null)
            where.And($"group_id = any({where.Value(reach.Groups.Select(group => group.Id).ToArray())})");
    }

    static string AnyOf(Conditions where, string[] actions)
    {
        var isAction = actions.ToLookup(action => action.Contains('.', StringComparison.Ordinal));
        string[] conditions = [.. Is("action", [.. isAction[true]]), .. Is("split_part(action, '.', 1)", [.. isAction[false]])];
        return $"({string.Join(" or ", conditions)})";

        // One value is read from the index in order; several are sorted.
        IEnumerable<string> Is(string column, string[] values) => values switch
        {
            [] => [],
            [var one] => [$"{column} = {where.Value(one)}"],
            _ => [$"{column} = any({where.Value(values)})"]
        };
    }

    /// <summary>
    /// Looked up first, so that the log itself is read by person id, which is indexed, and whose rarity the planner knows.
    /// </summary>
    async Task<Guid[]> PeopleNamed(Reach reach, NpgsqlDataSource db, CancellationToken cancel)
    {
        if (Guid.TryParse(Person, out var id))
            return [id];
        await using var command = db.CreateCommand(
            $"select coalesce(array_agg(distinct person_id), '{{}}') from actor where enterprise_id = $1 and "
            + $"{(Person!.Contains('@', StringComparison.Ordinal) ? "lower(email) = $2" : "strpos(lower(name), $2) > 0")}");
        command.Parameters.AddWithValue(reach.Enterprise?.Id ?? Guid.Empty);
        command.Parameters.AddWithValue(Person.Trim().ToLowerInvariant());
        return (Guid[])(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>Details are stored as the original JSON, where <c>Zoë</c> is <c>Zo\u00EB</c>.</summary>
    static string Contains(Conditions where, string word)
    {
        string Mentions(string text) => $"words(subject, person, person_email, details) like {where.Value(Like.Contains(text))}";
        var escaped = JsonEncodedText.Encode(word, JavaScriptEncoder.Default).Value.ToLowerInvariant();
        return escaped == word ? Mentions(word) : $"({Mentions(word)} or {Mentions(escaped)})";
    }
}
