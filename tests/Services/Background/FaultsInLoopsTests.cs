using System.Net;
using System.Text.Json;
using EnterprisePortal.Audit;
using EnterprisePortal.Contracts.Identity;
using EnterprisePortal.Search.Snapshots;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Npgsql;

namespace EnterprisePortal.Tests.Background;

/// <summary>What nobody foresaw, in the loops of services that run.</summary>
public class FaultsInLoopsTests(Servers servers)
{
    sealed class Listening<TMarker>(Servers servers) : Service<TMarker>(servers) where TMarker : class
    {
        protected override bool StartsAtOnce => false;

        protected override void Replace(IServiceCollection services) => services.AddFakeLogging();

        public IEnumerable<FakeLogRecord> Told(string loop) => Instance.Services.GetFakeLogCollector().GetSnapshot()
            .Where(record => record.Category!.EndsWith($".{loop}", StringComparison.Ordinal));

        public bool IsStopping =>
            Instance.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;
    }

    [Fact]
    public async Task A_token_that_nobody_can_read_ends_no_service_and_its_cause_is_told()
    {
        await using var search = new Listening<ApplySnapshot>(servers);
        await search.InitializeAsync();
        search.Outbound.Answer("identity", request => request.RequestUri!.AbsolutePath == "/connect/token"
            ? new(HttpStatusCode.OK) { Content = new StringContent("<html>", null, "application/json") } : TestIdentity.Answer(request));
        await search.AnotherInstance();

        await search.Given(Demo.BlueDolphin);

        await Eventually(() => search.Told("KeepTokensWarm").Any(
            record => record.Message.Contains("Identity's answer is not a token.", StringComparison.Ordinal)));
        Assert.False(search.IsStopping);
    }

    [Fact]
    public async Task A_message_that_nobody_can_read_is_told_with_its_stack_and_does_not_keep_the_outbox_busy()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var audit = new Listening<RecordActivity>(servers);
        await audit.InitializeAsync();
        await audit.AnotherInstance();
        await using var connection = await audit.Instance.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(cancel);
        await Run("insert into outbox (id, type, body) values (gen_random_uuid(), 'EnterprisePortal.Contracts.Nothing', '{}')");

        await Eventually(() => audit.Told("OutboxRelay").Any(record => record.Level == LogLevel.Error));
        await Run("notify outbox");
        await Task.Delay(TimeSpan.FromSeconds(0.5), cancel);
        Assert.IsType<JsonException>(Assert.Single(audit.Told("OutboxRelay")).Exception);

        var person = new UserChanged(Guid.CreateVersion7(), 1, "rosa@example.com", "Rosa", "user", Demo.EastId, "active", null);
        await connection.Publish(person, cancel);
        await audit.Published<UserChanged>(it => it.Id == person.Id);
        Assert.False(audit.IsStopping);

        async Task Run(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancel);
        }
    }
}
