using EnterprisePortal.ServiceDefaults.Background;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.Messaging;

sealed class ForgetOldMessages(NpgsqlDataSource db, TimeProvider clock, ILogger<ForgetOldMessages> log)
    : BackgroundLoop(TimeSpan.FromDays(1), clock, log)
{
    protected override async Task Round(CancellationToken stop)
    {
        await using var command = db.CreateCommand("delete from inbox where received_at < now() - interval '14 days'");
        await command.ExecuteNonQueryAsync(stop);
    }
}
