using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.Audit;

/// <summary>The log, newest first.</summary>
public static class ReadLog
{
    /// <param name="From">A day (<c>2026-11-01</c>, UTC) or a moment (<c>2026-11-01T08:00:00Z</c>), inclusive; so is <paramref name="To"/>.</param>
    /// <param name="Person">An id, an e-mail, or a part of a name.</param>
    /// <param name="Action"><c>account.entered</c>, or all of a kind: <c>account</c>.</param>
    public record Query(string? From, string? To, [MaxLength(200)] string? Person, [MaxLength(100)] string? Action, [MaxLength(100)] string? Account);

    public record Entry(Guid Id, DateTimeOffset At, string Person, Guid? PersonId, string PersonEmail, string Level, string? Group, Guid GroupId,
        string Action, string Subject, string? Account, string Source, string? Ip, JsonElement? Details);

    public static void Map(RouteGroupBuilder audit) => audit.MapGet("", Handle).WithName(nameof(ReadLog));

    static async Task<Results<Ok<Page<Entry>>, ValidationProblem>> Handle([AsParameters] Query query, [AsParameters] PageQuery page,
        Person person, DirectoryReplica directory, NpgsqlDataSource db, CancellationToken cancel)
    {
        if (!Moment.TryRead(query.From, endOfDay: false, out var from))
            return Refusal.Invalid("from", Moment.Expected);
        if (!Moment.TryRead(query.To, endOfDay: true, out var to))
            return Refusal.Invalid("to", Moment.Expected);
        if (from > to)
            return Refusal.Invalid("from", "This is after the end.");
        if (!Position.TryRead(page.Cursor, out var after))
            return Refusal.Invalid("cursor", "This is not a place in the log.");

        await using var command = db.CreateCommand();
        var where = new Conditions(command);
        Scope(where, person, directory.ReachOf(person));
        Filter(where, query, from, to);
        if (after is not null)
            where.And($"(at, id) < ({where.Value(after.At)}, {where.Value(after.Id)})");
        // One more than the page tells whether there is another.
        command.CommandText =
            $"""
            select id, at, person, person_id, person_email, level, group_id, action, subject, account, source, ip, details::text
            from activity where {where} order by at desc, id desc limit {page.Size + 1}
            """;

        var enterprise = directory.Of(person.GroupId);
        var entries = new List<Entry>();
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            entries.Add(Read(rows, enterprise));
        if (entries.Count <= page.Size)
            return TypedResults.Ok(new Page<Entry>(entries, null));
        entries.RemoveAt(page.Size);
        return TypedResults.Ok(new Page<Entry>(entries, new Position(entries[^1].At, entries[^1].Id).ToString()));
    }

    /// <summary>A User sees their own, an Admin that of their group and all below, the root's Admin the enterprise.</summary>
    static void Scope(Conditions where, Person person, Reach reach)
    {
        if (!person.IsAdmin)
            where.And($"person_id = {where.Value(person.Id)}");
        else
        {
            where.And($"enterprise_id = {where.Value(reach.Enterprise?.Id ?? Guid.Empty)}");
            if (reach.Group?.ParentId is not null)
                where.And($"group_id = any({where.Value(reach.Groups.Select(group => group.Id).ToArray())})");
        }
    }

    static void Filter(Conditions where, Query query, DateTimeOffset? from, DateTimeOffset? to)
    {
        if (from is not null)
            where.And($"at >= {where.Value(from)}");
        if (to is not null)
            where.And($"at <= {where.Value(to)}");
        if (Guid.TryParse(query.Person, out var id))
            where.And($"person_id = {where.Value(id)}");
        else if (query.Person?.Contains('@') == true)
            where.And($"person_email = {where.Value(query.Person.Trim().ToLowerInvariant())}");
        else if (!string.IsNullOrWhiteSpace(query.Person))
            where.And($"strpos(lower(person), {where.Value(query.Person.Trim().ToLowerInvariant())}) > 0");
        if (query.Action is { Length: > 0 } action)
            where.And($"(action = {where.Value(action)} or starts_with(action, {where.Value(action + ".")}))");
        if (query.Account is { Length: > 0 } account)
            where.And($"account = {where.Value(account)}");
    }

    static Entry Read(NpgsqlDataReader row, Enterprise? enterprise)
    {
        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
        var group = row.GetGuid(6);
        return new(row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetGuid(3), row.GetString(4), row.GetString(5),
            enterprise?.Groups.GetValueOrDefault(group)?.Name, group, row.GetString(7), row.GetString(8), Text(9), row.GetString(10), Text(11),
            Text(12) is { } details ? JsonElement.Parse(details) : null);
    }
}
