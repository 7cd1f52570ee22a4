using EnterprisePortal.Audit;
using EnterprisePortal.Contracts.Identity;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

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
        Assert.Equal("Nothing UserChanged", await parked.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        await using var left = new NpgsqlCommand("select count(*) from outbox", connection);
        Assert.Equal(0L, await left.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    static UserChanged Someone(string name) =>
        new(Guid.CreateVersion7(), 1, $"{name}@example.com", name, "user", Demo.EastId, "active", null);
}
