using EnterprisePortal.Audit;
using EnterprisePortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EnterprisePortal.Tests.Messaging;

public class MigrationTests(Servers servers)
{
    sealed class NotStarted(Servers servers) : Service<RecordActivity>(servers)
    {
        protected override bool StartsAtOnce => false;
    }

    [Fact]
    public async Task Replicas_that_start_together_migrate_an_empty_database_once()
    {
        await using var service = new NotStarted(servers);
        await service.InitializeAsync();

        var replicas = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(service.AnotherInstance)));

        await using var command = replicas[0].Services.GetRequiredService<NpgsqlDataSource>()
            .CreateCommand("select count(*), count(distinct scriptname) from migration");
        await using var row = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        await row.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(row.GetInt64(0), row.GetInt64(1));
        Assert.True(row.GetInt64(0) >= 2);
    }
}
