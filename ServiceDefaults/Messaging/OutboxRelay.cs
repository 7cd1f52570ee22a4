using System.Diagnostics;
using System.Text;
using System.Text.Json;
using EnterprisePortal.Contracts;
using EnterprisePortal.ServiceDefaults.Background;
using EnterprisePortal.ServiceDefaults.Observability;
using MassTransit;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.Messaging;

/// <summary>
/// Publishes the outbox's messages with publisher confirms and removes them. Replicas share the work (<c>skip locked</c>). A relay that
/// dies between confirm and commit sends a message again under the same message id, by which consumers recognize it. A message for which
/// nobody has a queue yet, because its reader was never started, stays until somebody has.
/// </summary>
sealed class OutboxRelay(NpgsqlDataSource db, IBus bus, TimeProvider clock, ILogger<OutboxRelay> log)
    : BackgroundLoop(TimeSpan.FromSeconds(1), clock, log, new(db, "outbox"))
{
    const int Batch = 100;
    static readonly TimeSpan ConfirmDeadline = TimeSpan.FromSeconds(20), UntilSomebodyReads = TimeSpan.FromSeconds(5);

    protected override async Task Round(CancellationToken stop)
    {
        while (await SendBatch(stop) == Batch) { }
    }

    async Task<int> SendBatch(CancellationToken stop)
    {
        await using var connection = await db.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var due = new List<(Guid Id, string Type, string Body, string? TraceParent)>();
        await using (var select = new NpgsqlCommand(
            """
            select id, type, body::text, trace_parent from outbox where due_at <= now()
              order by due_at, id limit $1 for update skip locked
            """, connection))
        {
            select.Parameters.AddWithValue(Batch);
            await using var rows = await select.ExecuteReaderAsync(stop);
            while (await rows.ReadAsync(stop))
                due.Add((rows.GetGuid(0), rows.GetString(1), rows.GetString(2), rows.IsDBNull(3) ? null : rows.GetString(3)));
        }
        if (due.Count == 0)
            return 0;

        var readable = new List<(Guid Id, object Message, string? TraceParent)>();
        foreach (var (id, type, body, traceParent) in due)
            try
            {
                readable.Add((id, OutboxMessage.Read(type, body), traceParent));
            }
            catch (JsonException e)
            {
                // It will never be readable for this version: alone, it must not hold up the others.
                Log.LogError(e, "Message {Id} of type {Type} in the outbox cannot be read and is parked.", id, type);
                await KeepParked.Insert(connection.CreateCommand(), Outbox.Queue, id, type[(type.LastIndexOf('.') + 1)..], e.Message,
                    Clock.GetUtcNow(), null, new() { [Outbox.Type] = type }, Encoding.UTF8.GetBytes(body), stop);
            }

        using var deadline = new CancellationTokenSource(ConfirmDeadline, Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop);
        var arrived = await Task.WhenAll(readable.Select(row => Send(row.Id, row.Message, row.TraceParent, either.Token)));
        var kept = readable.Zip(arrived).Where(sent => !sent.Second).Select(sent => sent.First.Id).ToArray();

        await using var delete = new NpgsqlCommand("delete from outbox where id = any($1) and id <> all($2)", connection);
        delete.Parameters.AddWithValue(due.Select(message => message.Id).ToArray());
        delete.Parameters.AddWithValue(kept);
        await delete.ExecuteNonQueryAsync(stop);
        await using var later = new NpgsqlCommand("update outbox set due_at = now() + $1 where id = any($2)", connection);
        later.Parameters.AddWithValue(UntilSomebodyReads);
        later.Parameters.AddWithValue(kept);
        if (kept.Length > 0)
            await later.ExecuteNonQueryAsync(stop);
        await transaction.CommitAsync(stop);
        return due.Count;
    }

    /// <returns>Whether somebody has a queue for it.</returns>
    async Task<bool> Send(Guid id, object message, string? traceParent, CancellationToken cancel)
    {
        // Publish in the trace that decided the message. Without one, a trace begins at the consumer.
        using var work = traceParent is null ? null
            : TracedWork.Begin($"publish {SpanNames.InWords(message.GetType().Name)}", cause: traceParent, kind: ActivityKind.Producer);
        try
        {
            await bus.Publish(message, message.GetType(), Pipe.Execute<PublishContext>(context =>
            {
                context.MessageId = id;
                if (context.TryGetPayload(out RabbitMqSendContext? rabbit))
                    rabbit.Mandatory = message is not INeedNoReader;
            }), cancel);
            return true;
        }
        catch (MessageReturnedException e)
        {
            Log.LogWarning("Nobody has a queue for {Type} yet: {Reason}", message.GetType().Name, e.Message);
            return false;
        }
    }
}
