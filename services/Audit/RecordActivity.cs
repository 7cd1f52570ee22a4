using EnterprisePortal.Contracts.Activity;
using MassTransit;
using Npgsql;
using NpgsqlTypes;

namespace EnterprisePortal.Audit;

/// <summary>Competing. The activity's own id and time make repetition harmless.</summary>
public sealed class RecordActivity(NpgsqlDataSource db) : IConsumer<ActivityRecorded>
{
    public async Task Consume(ConsumeContext<ActivityRecorded> context)
    {
        var activity = AsKept(context.Message);
        await using var connection = await db.OpenConnectionAsync(context.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(context.CancellationToken);
        // Taken before looking whether the entry is there: the same message may be at work in another replica.
        var head = await Chain.TakeHead(connection, activity.EnterpriseId);
        if (await IsRecorded(connection, activity))
            return;
        var (seq, hash) = (head.Seq + 1, Chain.Link(head.Seq + 1, activity, head.Hash));
        await Append(connection, activity, seq, hash);
        await Chain.MoveHead(connection, activity.EnterpriseId, new(seq, hash));
        await transaction.CommitAsync(context.CancellationToken);
    }

    /// <summary>The database keeps microseconds in UTC, and the hash is over what it keeps.</summary>
    static ActivityRecorded AsKept(ActivityRecorded said)
    {
        var at = said.At.ToUniversalTime();
        return said with { At = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond)) };
    }

    static async Task<bool> IsRecorded(NpgsqlConnection connection, ActivityRecorded activity)
    {
        await using var command = new NpgsqlCommand("select exists (select from activity where id = $1 and at = $2)", connection);
        command.Parameters.AddWithValue(activity.Id);
        command.Parameters.AddWithValue(activity.At);
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    static async Task Append(NpgsqlConnection connection, ActivityRecorded activity, long seq, byte[] hash)
    {
        await using var month = new NpgsqlCommand("select make_month($1)", connection);
        month.Parameters.AddWithValue(activity.At);
        await month.ExecuteNonQueryAsync();
        await using var insert = new NpgsqlCommand(
            """
            insert into activity (id, at, enterprise_id, person_id, person, person_email, level, group_id, action, subject, account, source, ip, details, seq, hash)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
            """, connection);
        var person = activity.Person;
        foreach (var (value, type) in new (object?, NpgsqlDbType)[]
        {
            (activity.Id, NpgsqlDbType.Uuid), (activity.At, NpgsqlDbType.TimestampTz), (activity.EnterpriseId, NpgsqlDbType.Uuid),
            (person.Id, NpgsqlDbType.Uuid), (person.Name, NpgsqlDbType.Text), (person.Email, NpgsqlDbType.Text), (person.Level, NpgsqlDbType.Text), (person.GroupId, NpgsqlDbType.Uuid),
            (activity.Action, NpgsqlDbType.Text), (activity.Subject, NpgsqlDbType.Text), (activity.Account, NpgsqlDbType.Text),
            (activity.Source, NpgsqlDbType.Text), (activity.Ip, NpgsqlDbType.Text), (activity.Details, NpgsqlDbType.Json),
            (seq, NpgsqlDbType.Bigint), (hash, NpgsqlDbType.Bytea)
        })
            insert.Parameters.AddWithValue(type, value ?? DBNull.Value);
        await insert.ExecuteNonQueryAsync();
    }
}
