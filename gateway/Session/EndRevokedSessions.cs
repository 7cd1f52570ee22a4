using EnterprisePortal.Contracts.Identity;
using MassTransit;
using Npgsql;

namespace EnterprisePortal.Gateway.Session;

/// <summary>
/// Deletes the tickets. Every replica refuses the session as soon as it gets the message (RevokedSessions); this queue is durable, so that
/// a gateway that was down deletes them when it is back. A repeated message finds nothing left to delete.
/// </summary>
public sealed class EndRevokedSessions(NpgsqlDataSource db) : IConsumer<SessionsRevoked>
{
    public async Task Consume(ConsumeContext<SessionsRevoked> context)
    {
        await using var command = db.CreateCommand("delete from session where sid = any($1)");
        command.Parameters.AddWithValue(context.Message.Sessions.ToArray());
        await command.ExecuteNonQueryAsync(context.CancellationToken);
    }
}
