using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.Search.Validation;

/// <summary>
/// Records that likely slips are different names, so that they are no longer grouped, and undoes that. An Admin decides for their group and
/// everybody below, a User for themselves; saying it twice has no further effect.
/// </summary>
public static class DismissSlip
{
    const string Group = "group", Me = "me";

    public static void Map(RouteGroupBuilder validation)
    {
        validation.MapPost("/{kind}/dismissals", Dismiss).WithName(nameof(DismissSlip));
        validation.MapDelete("/{kind}/dismissals/{id:guid}", Undo).WithName("UndoDismissal");
    }

    internal static SlipDismissal ItemOf(Dismissals.Dismissal dismissal, Person person, DirectoryReplica directory) =>
        new(dismissal.Id, dismissal.Probably, dismissal.Names, dismissal.IsMine ? Me : Group,
        dismissal.IsMine ? null : directory.Of(dismissal.GroupId)?.Groups[dismissal.GroupId].Name, dismissal.By, dismissal.At,
        dismissal.MayBeUndoneBy(person));

    static async Task<Results<Created<SlipDismissal>, NotFound, ValidationProblem, ProblemHttpResult>> Dismiss(
        string kind,
        NewDismissal body,
        Person person,
        DirectoryReplica directory,
        AccountNumbers numbers,
        NpgsqlDataSource db,
        ActivityRecorder activities,
        TimeProvider clock,
        CancellationToken cancel)
    {
        if (ListNames.Stored(kind) is not { } stored)
            return TypedResults.NotFound();
        if (body.For is not (null or Group or Me))
            return Refusal.Invalid("for", $"“{Group}” or “{Me}”.");
        if (body.For == Group && !person.IsAdmin)
            return Refusal.Of("admins-only", "Only an Admin can dismiss a slip for the whole group.", StatusCodes.Status403Forbidden);

        string[] names = [.. body.Names!.Where(name => name != body.Probably).Distinct().Order(StringComparer.Ordinal)];
        var known = (await ListNames.InReach(stored, person, directory, numbers, db, cancel)).Select(name => name.Text).ToHashSet();
        if (names.Length == 0 || !known.Contains(body.Probably!) || !known.IsSupersetOf(names))
            return TypedResults.NotFound();

        var isMine = body.For == Me || !person.IsAdmin;
        var item = ItemOf(new(Guid.CreateVersion7(), body.Probably!, names, person.GroupId, isMine, person.Name, clock.GetUtcNow()), person,
            directory);
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var insert = new NpgsqlCommand(
            """
            insert into slip_dismissal (id, kind, probably, names, group_id, person_id, by_name, at) values ($1, $2, $3, $4, $5, $6, $7, $8)
            on conflict (kind, probably, names, group_id, person_id) do update set kind = excluded.kind returning id, by_name, at
            """, connection)
        {
            Parameters =
            {
                new() { Value = item.Id }, new() { Value = stored }, new() { Value = item.Probably }, new() { Value = names },
                new() { Value = person.GroupId },
                new() { Value = isMine ? person.Id : DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid },
                new() { Value = item.By }, new() { Value = item.At }
            }
        };
        await using (var rows = await insert.ExecuteReaderAsync(cancel))
        {
            await rows.ReadAsync(cancel);
            if (rows.GetGuid(0) != item.Id)
                return TypedResults.Created($"/api/validation/{kind}/dismissals/{rows.GetGuid(0)}", item with
                {
                    Id = rows.GetGuid(0),
                    By = rows.GetString(1),
                    At = rows.GetFieldValue<DateTimeOffset>(2)
                });
        }
        await connection.Publish(activities.Of(person, AuditActions.SlipDismissed, InWords(names, item.Probably),
            details: new { kind, item.Probably, names, item.For }), cancel);
        await transaction.CommitAsync(cancel);
        return TypedResults.Created($"/api/validation/{kind}/dismissals/{item.Id}", item);
    }

    static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Undo(
        string kind,
        Guid id,
        Person person,
        DirectoryReplica directory,
        NpgsqlDataSource db,
        ActivityRecorder activities,
        CancellationToken cancel)
    {
        if (ListNames.Stored(kind) is not { } stored
            || (await Dismissals.For(person, stored, directory, db, cancel)).Find(known => known.Id == id) is not { } dismissal)
            return TypedResults.NotFound();
        if (!dismissal.MayBeUndoneBy(person))
            return Refusal.Of("not-yours", "An Admin of the group that dismissed it can take it back.", StatusCodes.Status403Forbidden);
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var delete = new NpgsqlCommand("delete from slip_dismissal where id = $1", connection)
        {
            Parameters = { new() { Value = id } }
        };
        if (await delete.ExecuteNonQueryAsync(cancel) == 1)
            await connection.Publish(activities.Of(person, AuditActions.SlipRestored, InWords(dismissal.Names, dismissal.Probably),
                details: new { kind, dismissal.Probably, dismissal.Names }), cancel);
        await transaction.CommitAsync(cancel);
        return TypedResults.NoContent();
    }

    static string InWords(string[] names, string probably) => $"{string.Join(", ", names)} ({probably})";
}
