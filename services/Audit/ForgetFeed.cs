using EnterprisePortal.Contracts.Accounts;
using MassTransit;
using Npgsql;

namespace EnterprisePortal.Audit;

/// <summary>
/// An account that comes back, perhaps on another host, numbers its log from the start: it is then read from the beginning. Entries that
/// are already in our log have the same ids, so that neither this nor its repetition duplicates any.
/// </summary>
public sealed class ForgetFeed(NpgsqlDataSource db) : IConsumer<AccountRemoved>
{
    public async Task Consume(ConsumeContext<AccountRemoved> context)
    {
        await using var command = db.CreateCommand(
            "update account_feed set cursor = null, failures = 0, problem = null where account = $1");
        command.Parameters.AddWithValue(context.Message.Account);
        await command.ExecuteNonQueryAsync(context.CancellationToken);
    }
}
