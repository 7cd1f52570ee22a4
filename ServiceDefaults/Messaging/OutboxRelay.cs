using System.Diagnostics;
using EnterprisePortal.ServiceDefaults.Observability;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.Messaging;

/// <summary>
/// Publishes what the outbox holds, with publisher confirms, and removes it. Replicas share the work (<c>skip locked</c>).
/// A relay that dies between the confirm and the commit sends a message again under the same message id; consumers know it by that.
/// </summary>
sealed class OutboxRelay(NpgsqlDataSource db, IBus bus, ILogger<OutboxRelay> log) : BackgroundService
{
    const int Batch = 100;
    static readonly TimeSpan Poll = TimeSpan.FromSeconds(1), ConfirmWithin = TimeSpan.FromSeconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var listener = await db.OpenConnectionAsync(stoppingToken);
                await using (var listen = new NpgsqlCommand("listen outbox", listener))
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                while (true)
                {
                    while (await SendBatch(stoppingToken) == Batch) { }
                    await listener.WaitAsync(Poll, stoppingToken);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("The outbox waits: {Problem}", e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    async Task<int> SendBatch(CancellationToken stop)
    {
        await using var connection = await db.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var due = new List<(Guid Id, string Type, string Body, string? TraceParent)>();
        await using (var select = new NpgsqlCommand(
            "select id, type, body::text, trace_parent from outbox where due_at <= now() order by due_at, id limit $1 for update skip locked", connection))
        {
            select.Parameters.AddWithValue(Batch);
            await using var rows = await select.ExecuteReaderAsync(stop);
            while (await rows.ReadAsync(stop))
                due.Add((rows.GetGuid(0), rows.GetString(1), rows.GetString(2), rows.IsDBNull(3) ? null : rows.GetString(3)));
        }
        if (due.Count == 0)
            return 0;

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(ConfirmWithin);
        await Task.WhenAll(due.Select(message => Send(message.Id, OutboxMessage.Read(message.Type, message.Body), message.TraceParent, deadline.Token)));

        await using var delete = new NpgsqlCommand("delete from outbox where id = any($1)", connection);
        delete.Parameters.AddWithValue(due.Select(message => message.Id).ToArray());
        await delete.ExecuteNonQueryAsync(stop);
        await transaction.CommitAsync(stop);
        return due.Count;
    }

    async Task Send(Guid id, object message, string? traceParent, CancellationToken cancel)
    {
        // In the trace of whoever decided it. What no trace led to begins one where it is heard.
        using var work = traceParent is null ? null
            : TracedWork.Begin($"publish {SpanNames.InWords(message.GetType().Name)}", cause: traceParent, kind: ActivityKind.Producer);
        await bus.Publish(message, message.GetType(), Pipe.Execute<PublishContext>(context => context.MessageId = id), cancel);
    }
}
