using EnterprisePortal.Contracts.Mail;
using EnterprisePortal.ServiceDefaults.Background;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.Observability;
using MailKit;
using MimeKit;
using Npgsql;

namespace EnterprisePortal.Identity.Mail;

/// <summary>
/// Hands due mail to the mail server, and records that in the transaction that locks the row: replicas share the work, and no two of them
/// send the same mail. A server that is down is tried again, at growing intervals.
/// </summary>
public sealed class DeliverMail(
    NpgsqlDataSource db, MailServer server, DirectoryReplica directory, TimeProvider clock, ILogger<DeliverMail> log)
    : BackgroundLoop(TimeSpan.FromSeconds(1), clock, log)
{
    static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (server.IsThere)
            await base.ExecuteAsync(stoppingToken);
        else
            Log.LogWarning("Neither Mail:Host nor Mail:Folder is set: mail waits in the database.");
    }

    protected override async Task Round(CancellationToken stop)
    {
        while (await DeliverNext(stop)) { }
    }

    async Task<bool> DeliverNext(CancellationToken stop)
    {
        await using var connection = await db.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var now = Clock.GetUtcNow();
        if (await Next(connection, now, stop) is not { } mail)
            return false;
        using var work = TracedWork.Begin("deliver mail");
        var problem = await Attempt(mail, now, stop);
        await using var note = new NpgsqlCommand(problem is null
            ? "with old as (delete from mail where sent_at < $3) update mail set sent_at = $2 where id = $1"
            : "update mail set attempts = attempts + 1, due_at = $2 + least(interval '30 minutes', interval '5 seconds' * power(2, "
                + "least(attempts, 10))) where id = $1", connection);
        note.Parameters.AddWithValue(mail.Id);
        note.Parameters.AddWithValue(now);
        if (problem is null)
            note.Parameters.AddWithValue(now - KeptFor);
        else
            Log.LogWarning("Mail {Id} is not delivered yet: {Problem}", mail.Id, problem);
        // The mail is sent: record that even while the service stops.
        await note.ExecuteNonQueryAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return true;
    }

    sealed record Waiting(Guid Id, SendMail Mail);

    static async Task<Waiting?> Next(NpgsqlConnection connection, DateTimeOffset now, CancellationToken stop)
    {
        await using var select = new NpgsqlCommand(
            """
            select id, recipient, subject, text, group_id from mail where sent_at is null and due_at <= $1
              order by due_at limit 1 for update skip locked
            """, connection);
        select.Parameters.AddWithValue(now);
        await using var row = await select.ExecuteReaderAsync(stop);
        return await row.ReadAsync(stop) ? new(row.GetGuid(0), new(
            row.GetString(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetGuid(4))) : null;
    }

    /// <returns>The problem; null: the mail is sent.</returns>
    async Task<string?> Attempt(Waiting mail, DateTimeOffset now, CancellationToken stop)
    {
        try
        {
            await server.Send(mail.Id, mail.Mail, directory.Of(mail.Mail.Group ?? Guid.Empty)?.Brand, now, stop);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException or ProtocolException
            or CommandException
            or ServiceNotConnectedException or MailKit.Security.SslHandshakeException or MailKit.Security.AuthenticationException
                or ParseException or TimeoutException)
        {
            return e.Message;
        }
    }
}
