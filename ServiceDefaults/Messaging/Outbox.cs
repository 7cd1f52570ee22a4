using System.Diagnostics;
using System.Text.Json;
using EnterprisePortal.Contracts.Activity;
using Npgsql;
using NpgsqlTypes;

namespace EnterprisePortal.ServiceDefaults.Messaging;

/// <summary>A message stored in the transaction that decided it. <see cref="OutboxRelay"/> sends it.</summary>
public sealed class OutboxMessage
{
    public Guid Id { get; private init; }
    public string Type { get; private init; } = "";
    public string Body { get; private init; } = "";
    public string? TraceParent { get; private init; }

    /// <summary>Earliest time to send it; null: at once.</summary>
    public DateTimeOffset? DueAt { get; private init; }

    internal static OutboxMessage Of(object message, DateTimeOffset? dueAt = null) => new()
    {
        DueAt = dueAt,
        Id = Guid.CreateVersion7(),
        Type = message.GetType().FullName!,
        Body = JsonSerializer.Serialize(message, message.GetType(), JsonSerializerOptions.Web),
        TraceParent = Activity.Current?.Id
    };

    /// <summary>Only types of Contracts are found, so a name in the table can become nothing but a message.</summary>
    /// <exception cref="JsonException">It cannot be read, now or later.</exception>
    internal static object Read(string type, string body)
    {
        try
        {
            var known = typeof(ActivityRecorded).Assembly.GetType(type) ?? throw new JsonException($"There is no message {type}.");
            return JsonSerializer.Deserialize(body, known, JsonSerializerOptions.Web) ?? throw new JsonException("It is empty.");
        }
        catch (Exception e) when (e is NotSupportedException or ArgumentException or FileLoadException or BadImageFormatException)
        {
            throw new JsonException(e.Message, e);
        }
    }
}

public static class Outbox
{
    /// <summary>As a parked message that never left names where it failed, and its header with the full type.</summary>
    internal const string Queue = "outbox", Type = "type";

    /// <summary>For services without EF Core: the message is sent once the connection's current transaction commits.</summary>
    /// <param name="notBefore">Delays the message, for work to look at again later.</param>
    public static async Task Publish<T>(
        this NpgsqlConnection connection, T message, CancellationToken cancel, DateTimeOffset? notBefore = null) where T : class
    {
        var row = OutboxMessage.Of(message, notBefore);
        await using var command = new NpgsqlCommand(
            "insert into outbox (id, type, body, trace_parent, due_at) values ($1, $2, $3, $4, coalesce($5, now()))", connection);
        command.Parameters.AddWithValue(row.Id);
        command.Parameters.AddWithValue(row.Type);
        command.Parameters.AddWithValue(NpgsqlDbType.Jsonb, row.Body);
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)row.TraceParent ?? DBNull.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, (object?)row.DueAt ?? DBNull.Value);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
