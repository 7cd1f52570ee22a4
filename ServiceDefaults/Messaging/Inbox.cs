using EnterprisePortal.ServiceDefaults.Database;
using MassTransit;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.Messaging;

/// <summary>
/// For consumers without a natural key: remembers the message in the transaction of its effect. False: the effect has already happened.
/// Messages are remembered for two weeks (<see cref="ForgetOldMessages"/>), longer than any queue keeps one.
/// </summary>
public static class Inbox
{
    const string Insert = "insert into inbox (message_id, consumer) values ($1, $2) on conflict do nothing";

    public static async Task<bool> FirstTime(this NpgsqlConnection connection, ConsumeContext context, string consumer)
    {
        await using var command = new NpgsqlCommand(Insert, connection);
        command.Parameters.AddWithValue(context.MessageId!.Value);
        command.Parameters.AddWithValue(consumer);
        return await command.ExecuteNonQueryAsync(context.CancellationToken) == 1;
    }

    /// <summary>Call inside <c>db.Database.BeginTransactionAsync</c>.</summary>
    public static Task<bool> FirstTime(this ServiceDb db, ConsumeContext context, string consumer) =>
        db.Database.CurrentTransaction?.GetDbTransaction().Connection is NpgsqlConnection connection
            ? connection.FirstTime(context, consumer)
            : throw new InvalidOperationException("The inbox needs the transaction of the effect.");
}
