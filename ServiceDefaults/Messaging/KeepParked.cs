using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EnterprisePortal.ServiceDefaults.Background;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace EnterprisePortal.ServiceDefaults.Messaging;

/// <summary>
/// Moves what is in the service's <c>_error</c> queues into its own table, where operators look at it, count it and decide. A queue cannot
/// be looked at: to RabbitMQ each look is a delivery, and from version 4 on it throws a message away after twenty
/// (docs/adr/0022-parked-messages-in-the-database.md). A message leaves its queue when its row is saved; after a crash in between it meets
/// the row's unique key. The replica that parks a message wakes the loop; the start and the hour find what a replica that died has left
/// (RabbitMQ logs each question for a queue that is not there).
/// </summary>
sealed class KeepParked(NpgsqlDataSource db, Broker broker, TimeProvider clock, ILogger<KeepParked> log)
    : BackgroundLoop(TimeSpan.FromHours(1), clock, log)
{
    const string Error = "_error", Fault = "MT-Fault-", Why = "MT-Reason";
    readonly ConcurrentDictionary<string, bool> queues = new();

    public void Follow(string queue) => queues[queue] = true;

    protected override async Task Round(CancellationToken stop)
    {
        await using var connection = await broker.Connect(stop);
        foreach (var queue in queues.Keys)
            await Empty(connection, queue, stop);
    }

    async Task Empty(IConnection connection, string queue, CancellationToken stop)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
        try
        {
            while (await channel.BasicGetAsync(queue + Error, autoAck: false, stop) is { } message)
            {
                await Keep(queue, message, stop);
                await channel.BasicAckAsync(message.DeliveryTag, multiple: false, stop);
            }
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            // It is made for the first message that fails.
        }
    }

    async Task Keep(string queue, BasicGetResult message, CancellationToken stop)
    {
        var headers = (message.BasicProperties.Headers ?? new Dictionary<string, object?>())
            .Where(header => header.Value is byte[])
            .ToDictionary(header => header.Key, header => Encoding.UTF8.GetString((byte[])header.Value!));
        var failed = headers.GetValueOrDefault(Fault + "Timestamp");
        var body = message.Body.ToArray();
        await Insert(db.CreateCommand(), queue,
            Guid.TryParse(message.BasicProperties.MessageId, out var id) ? id : Guid.CreateVersion7(),
            TypeOf(body), headers.GetValueOrDefault(Fault + "Message") ?? headers.GetValueOrDefault(Why) ?? "It cannot be read.",
            DateTimeOffset.TryParse(failed, CultureInfo.InvariantCulture, out var at) ? at : Clock.GetUtcNow(),
            message.BasicProperties.ContentType, headers.Where(header => !header.Key.StartsWith(Fault, StringComparison.Ordinal)
                && header.Key != Why).ToDictionary(), body, stop);
    }

    /// <param name="command">Of a connection or of a transaction.</param>
    internal static async Task Insert(NpgsqlCommand command, string queue, Guid id, string type, string reason, DateTimeOffset failedAt,
        string? contentType, Dictionary<string, string> headers, byte[] body, CancellationToken cancel)
    {
        await using var insert = command;
        insert.CommandText =
            """
            insert into parked_message (queue, message_id, type, reason, failed_at, content_type, headers, body)
              values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (queue, message_id) do nothing
            """;
        insert.Parameters.AddWithValue(queue);
        insert.Parameters.AddWithValue(id);
        insert.Parameters.AddWithValue(type);
        insert.Parameters.AddWithValue(reason.Replace('\0', '\uFFFD'));
        insert.Parameters.AddWithValue(failedAt.ToUniversalTime());
        insert.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)contentType ?? DBNull.Value);
        insert.Parameters.AddWithValue(NpgsqlDbType.Jsonb,
            JsonSerializer.Serialize(headers).Replace("\\u0000", "", StringComparison.Ordinal));
        insert.Parameters.AddWithValue(body);
        await insert.ExecuteNonQueryAsync(cancel);
    }

    /// <summary><c>urn:message:EnterprisePortal.Contracts.Sync:SnapshotChunk</c> is <c>SnapshotChunk</c>.</summary>
    static string TypeOf(byte[] body) =>
        MessageIn(body)?["messageType"] is JsonArray { Count: > 0 } types && types[0] is JsonValue type
            && type.TryGetValue(out string? urn) ? urn[(urn.LastIndexOf(':') + 1)..] : "unknown";

    /// <returns>null: it is no JSON object.</returns>
    internal static JsonObject? MessageIn(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
