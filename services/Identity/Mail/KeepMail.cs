using EnterprisePortal.Contracts.Mail;
using MassTransit;
using Npgsql;

namespace EnterprisePortal.Identity.Mail;

/// <summary>
/// Moves mail from the queue into the database, where it waits however long the mail server is down. The message id is its key, so a
/// repeated message meets the row.
/// </summary>
public sealed class KeepMail(NpgsqlDataSource db, TimeProvider clock) : IConsumer<SendMail>
{
    public async Task Consume(ConsumeContext<SendMail> context)
    {
        var mail = context.Message;
        await using var insert = db.CreateCommand(
            "insert into mail (id, recipient, subject, text, due_at, group_id)"
            + " values ($1, $2, $3, $4, $5, $6) on conflict do nothing");
        insert.Parameters.AddWithValue(context.MessageId!.Value);
        insert.Parameters.AddWithValue(mail.To);
        insert.Parameters.AddWithValue(mail.Subject);
        insert.Parameters.AddWithValue(mail.Text);
        insert.Parameters.AddWithValue(clock.GetUtcNow());
        insert.Parameters.AddWithValue(mail.Group as object ?? DBNull.Value);
        await insert.ExecuteNonQueryAsync(context.CancellationToken);
    }
}
