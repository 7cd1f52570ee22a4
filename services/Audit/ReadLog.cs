using System.Text.Json;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.Audit;

/// <summary>The log, newest first: what people did in the portal and, as portal users, inside accounts.</summary>
public static class ReadLog
{
    public static void Map(RouteGroupBuilder audit) => audit.MapGet("", Handle).WithName(nameof(ReadLog));

    static async Task<Results<Ok<Page<AuditEntry>>, ValidationProblem>> Handle(
        [AsParameters] LogFilter filter,
        [AsParameters] PageQuery page,
        Person person,
        DirectoryReplica directory,
        NpgsqlDataSource db,
        CancellationToken cancel)
    {
        if (!Position.TryRead(page.Cursor, out var after))
            return Refusal.Invalid("cursor", "This is not a place in the log.");
        await using var command = db.CreateCommand();
        var (where, problem) = await filter.For(person, directory.ReachOf(person), command, db, cancel);
        if (where is null)
            return problem!;
        if (after is not null)
            where.And($"(at, id) < ({where.Value(after.At)}, {where.Value(after.Id)})");
        // One entry beyond the page tells whether there is another page.
        command.CommandText = $"select {LogFilter.Columns} from activity where {where} order by at desc, id desc limit {page.Size + 1}";

        var enterprise = directory.Of(person.GroupId);
        var entries = new List<AuditEntry>();
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            entries.Add(Read(rows, enterprise));
        if (entries.Count <= page.Size)
            return TypedResults.Ok(new Page<AuditEntry>(entries, null));
        entries.RemoveAt(page.Size);
        return TypedResults.Ok(new Page<AuditEntry>(entries, new Position(entries[^1].At, entries[^1].Id).ToString()));
    }

    public static AuditEntry Read(NpgsqlDataReader row, Enterprise? enterprise)
    {
        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
        var group = row.GetGuid(6);
        return new(row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetGuid(3),
            row.GetString(4), row.GetString(5),
            enterprise?.Groups.GetValueOrDefault(group)?.Name, group, row.GetString(7), row.GetString(8), Text(9),
            row.GetString(10), Text(11),
            Text(12) is { } details ? JsonElement.Parse(details) : null);
    }
}
