using System.Text;
using System.Text.Json;
using Dapper;
using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.Messaging;
using Microsoft.Extensions.Hosting;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace EnterprisePortal.ServiceDefaults.Operations;

/// <summary>
/// What an operator may do with the messages that this service has parked. Each act commits with its log entries: in the operators' own
/// log, which is complete, and in that of the enterprise whose message it was, whose Admins may ask what became of it.
/// </summary>
public sealed class ParkedMessages
{
    readonly NpgsqlDataSource db;
    readonly Broker broker;
    readonly DirectoryReplica directory;
    readonly IHostEnvironment service;
    readonly TimeProvider clock;

    internal ParkedMessages(NpgsqlDataSource db, Broker broker, DirectoryReplica directory, IHostEnvironment service,
        TimeProvider clock) => (this.db, this.broker, this.directory, this.service, this.clock) = (db, broker, directory, service, clock);

    public enum Outcome { Done, NotThere, QueueIsGone }

    sealed record Row(Guid Id, string Queue, Guid MessageId, string Type, string Reason, DateTime FailedAt, string? ContentType,
        string Headers, byte[] Body);

    const string Columns =
        "id, queue, message_id as messageid, type, reason, failed_at as failedat, "
        + "content_type as contenttype, headers::text as headers, body";

    public async Task<Page<ParkedMessage>> List(PageQuery page, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        var rows = (await connection.QueryAsync<Row>(new($"select {Columns} from parked_message "
            + "where @after::uuid is null or (failed_at, id) > (select failed_at, id from parked_message where id = @after::uuid) "
            + "order by failed_at, id limit @most", new { after = page.Cursor, most = page.Size + 1 },
            cancellationToken: cancel))).ToList();
        return new([.. rows.Take(page.Size).Select(Shown)], rows.Count > page.Size ? $"{rows[page.Size - 1].Id}" : null);
    }

    static ParkedMessage Shown(Row row) => new(row.Id, row.Queue, row.Type, Masked.Words(row.Reason), row.FailedAt, row.Body.Length,
        KeepParked.MessageIn(row.Body) is { } body ? Masked.Body(body["message"] ?? body) : null);

    /// <summary>
    /// A message leaves the table only when the queue it came from has confirmed it. A crash in between sends it twice, and consumers
    /// recognize a message they have already handled.
    /// </summary>
    /// <exception cref="BrokerUnreachableException">RabbitMQ is away; nothing was done.</exception>
    public Task<Outcome> SendBack(Guid id, Actor by, string? ip, CancellationToken cancel) =>
        Act(id, by, ip, AuditActions.MessageSentBack, null, async (row, connection) =>
        {
            if (row.Queue == Outbox.Queue)
                await connection.ExecuteAsync(new("insert into outbox (id, type, body) values (@id, @type, @body::jsonb) "
                    + "on conflict do nothing", new
                    {
                        id = row.MessageId, type = JsonSerializer.Deserialize<Dictionary<string, string>>(row.Headers)![Outbox.Type],
                        body = Encoding.UTF8.GetString(row.Body)
                    }, cancellationToken: cancel));
            else
                await Publish(row, cancel);
        }, cancel);

    public Task<Outcome> Discard(Guid id, string why, Actor by, string? ip, CancellationToken cancel) =>
        Act(id, by, ip, AuditActions.MessageDiscarded, why, (_, _) => Task.CompletedTask, cancel);

    /// <summary>Only as many as are there now: a message that fails again at once must not keep us here forever.</summary>
    public async Task<int> SendAllBack(Actor by, string? ip, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        var ids = await connection.QueryAsync<Guid>(new("select id from parked_message order by failed_at, id", cancellationToken: cancel));
        var sent = 0;
        foreach (var id in ids)
            sent += await SendBack(id, by, ip, cancel) == Outcome.Done ? 1 : 0;
        return sent;
    }

    async Task<Outcome> Act(Guid id, Actor by, string? ip, AuditAction action, string? why, Func<Row, NpgsqlConnection, Task> act,
        CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // Two operators at once: the second finds it gone.
        var row = await connection.QuerySingleOrDefaultAsync<Row>(
            new($"select {Columns} from parked_message where id = @id for update", new { id }, cancellationToken: cancel));
        if (row is null)
            return Outcome.NotThere;
        try
        {
            await act(row, connection);
        }
        catch (PublishException)
        {
            return Outcome.QueueIsGone;
        }
        await connection.ExecuteAsync(new("delete from parked_message where id = @id", new { id }, cancellationToken: cancel));
        var details = JsonSerializer.Serialize(
            new { queue = row.Queue, message = row.MessageId, failedAt = row.FailedAt, reason = Masked.Words(row.Reason), why },
            JsonSerializerOptions.Web);
        foreach (var log in Concerned(row))
            await connection.Publish(new ActivityRecorded(Guid.CreateVersion7(), clock.GetUtcNow(), log, by with { GroupId = log },
                action.Key, row.Type, null, service.ApplicationName, ip, details), cancel);
        await transaction.CommitAsync(cancel);
        return Outcome.Done;
    }

    /// <summary>The operators' log, and the log of the enterprise that the message names, itself or by an account.</summary>
    IEnumerable<Guid> Concerned(Row row)
    {
        yield return OperatorRole.Log;
        var body = KeepParked.MessageIn(row.Body);
        var message = body?["message"] ?? body;
        var enterprise = Text("enterpriseId") is { } id && Guid.TryParse(id, out var named) ? named
            : directory.Enterprises.FirstOrDefault(one => Text("account") is { } account && one.Accounts.ContainsKey(account))?.Id;
        if (enterprise is { } concerned && concerned != OperatorRole.Log && directory.Enterprises.Any(one => one.Id == concerned))
            yield return concerned;

        string? Text(string name) => message is System.Text.Json.Nodes.JsonObject
            && message[name] is System.Text.Json.Nodes.JsonValue value && value.TryGetValue(out string? text) ? text : null;
    }

    async Task Publish(Row row, CancellationToken cancel)
    {
        await using var connection = await broker.Connect(cancel);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancel);
        var properties = new BasicProperties
        {
            MessageId = $"{row.MessageId}", ContentType = row.ContentType, Persistent = true,
            Headers = JsonSerializer.Deserialize<Dictionary<string, string>>(row.Headers)!
                .ToDictionary(header => header.Key, header => (object?)header.Value)
        };
        await channel.BasicPublishAsync("", row.Queue, mandatory: true, properties, row.Body, cancel);
    }
}
