using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.Messaging;

sealed class ForgetOldMessages(NpgsqlDataSource db, TimeProvider clock, ILogger<ForgetOldMessages> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var daily = new PeriodicTimer(TimeSpan.FromDays(1), clock);
        do
        {
            try
            {
                await using var command = db.CreateCommand("delete from inbox where received_at < now() - interval '14 days'");
                await command.ExecuteNonQueryAsync(stoppingToken);
            }
            catch (NpgsqlException e)
            {
                log.LogWarning("The inbox was not tidied today: {Problem}", e.Message);
            }
        }
        while (await daily.WaitForNextTickAsync(stoppingToken));
    }
}
