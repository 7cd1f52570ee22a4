using EnterprisePortal.Audit;
using EnterprisePortal.Contracts.Identity;
using EnterprisePortal.Contracts.Sync;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RabbitMQ.Client;

namespace EnterprisePortal.Tests.Messaging;

/// <summary>Audit stands for every service here: what is tried is ServiceDefaults.</summary>
public class OutboxTests(Service<RecordActivity> service) : IClassFixture<Service<RecordActivity>>
{
    [Fact]
    public async Task A_message_leaves_with_its_row_and_never_without_it()
    {
        var (kept, undone) = (Someone("kept"), Someone("undone"));
        var db = service.Instance.Services.GetRequiredService<NpgsqlDataSource>();
        await using var connection = await db.OpenConnectionAsync(TestContext.Current.CancellationToken);

        await using (var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
            await connection.Publish(undone, TestContext.Current.CancellationToken);
        await using (var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await connection.Publish(kept, TestContext.Current.CancellationToken);
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equivalent(kept, await service.Published<UserChanged>(it => it.Id == kept.Id));
        Assert.DoesNotContain(service.Bus.Heard<UserChanged>(), it => it.Id == undone.Id);
    }

    [Fact]
    public async Task A_thousand_messages_leave_once_each()
    {
        var people = Enumerable.Range(0, 1000).Select(number => Someone($"{number}")).ToArray();
        var db = service.Instance.Services.GetRequiredService<NpgsqlDataSource>();
        await using var connection = await db.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using (var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            foreach (var person in people)
                await connection.Publish(person, TestContext.Current.CancellationToken);
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
        }

        foreach (var person in people)
            await service.Published<UserChanged>(it => it.Id == person.Id);

        Assert.Equal(1000, service.Bus.Heard<UserChanged>().Count(it => people.Any(person => person.Id == it.Id)));
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_is_parked_and_holds_up_no_other_of_its_batch()
    {
        var next = Someone("next");
        var db = service.Instance.Services.GetRequiredService<NpgsqlDataSource>();
        await using var connection = await db.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using (var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await using var unreadable = new NpgsqlCommand(
                """
                insert into outbox (id, type, body) values (gen_random_uuid(), 'EnterprisePortal.Contracts.Nothing', '{}'),
                  (gen_random_uuid(), 'EnterprisePortal.Contracts.Identity.UserChanged', '"a word"')
                """, connection);
            await unreadable.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            await connection.Publish(next, TestContext.Current.CancellationToken);
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
        }

        await service.Published<UserChanged>(it => it.Id == next.Id);

        await using var parked = new NpgsqlCommand(
            "select string_agg(type, ' ' order by type) from parked_message where queue = 'outbox'", connection);
        // The others of the batch may arrive before it is committed.
        await Eventually(async () => await parked.ExecuteScalarAsync(TestContext.Current.CancellationToken) is "Nothing UserChanged");
        await using var left = new NpgsqlCommand("select count(*) from outbox", connection);
        Assert.Equal(0L, await left.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_message_for_which_nobody_has_a_queue_yet_stays_until_somebody_has()
    {
        var cancel = TestContext.Current.CancellationToken;
        var failed = new SyncFailed(Guid.CreateVersion7(), "bluedolphin-austin", "Nobody has heard of it.");
        var exchange = "EnterprisePortal.Contracts.Sync:SyncFailed";
        var factory = new ConnectionFactory { Uri = new(service.Settings["ConnectionStrings:messaging"]) };
        await using var broker = await factory.CreateConnectionAsync(cancel);
        await using var channel = await broker.CreateChannelAsync(cancellationToken: cancel);
        // As before its reader's first start: nothing is bound to it.
        await channel.ExchangeDeleteAsync(exchange, cancellationToken: cancel);
        await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, cancellationToken: cancel);
        var db = service.Instance.Services.GetRequiredService<NpgsqlDataSource>();
        await using var connection = await db.OpenConnectionAsync(cancel);
        await connection.Publish(failed, cancel);
        await using var kept = new NpgsqlCommand("select count(*) from outbox where due_at > now()", connection);
        await Eventually(async () => await kept.ExecuteScalarAsync(cancel) is 1L);

        var queue = (await channel.QueueDeclareAsync(cancellationToken: cancel)).QueueName;
        await channel.QueueBindAsync(queue, exchange, "", cancellationToken: cancel);

        await Eventually(async () => await channel.BasicGetAsync(queue, autoAck: true, cancel) is not null);
        await using var left = new NpgsqlCommand("select count(*) from outbox", connection);
        await Eventually(async () => await left.ExecuteScalarAsync(cancel) is 0L);
    }

    static UserChanged Someone(string name) =>
        new(Guid.CreateVersion7(), 1, $"{name}@example.com", name, "user", Demo.EastId, "active", null);
}
