using EnterprisePortal.Audit;
using EnterprisePortal.Tests.Support;
using Npgsql;

namespace EnterprisePortal.Tests.Messaging;

public class StartBusInTurnTests(Service<RecordActivity> service) : IClassFixture<Service<RecordActivity>>
{
    [Fact]
    public async Task A_replica_starts_its_queues_once_no_other_is_at_it_and_lets_the_next_one()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var other = new NpgsqlConnection(service.Settings["ConnectionStrings:audit"]);
        await other.OpenAsync(cancel);
        await Wait.Eventually(() => Ask(other, "select pg_try_advisory_lock(hashtextextended('start-bus', 0))"));

        var starting = Task.Run(service.AnotherInstance, cancel);
        await Wait.Eventually(() => Ask(other,
            """
            select exists (select from pg_locks where locktype = 'advisory' and not granted
              and (classid::bigint << 32 | objid::bigint) = hashtextextended('start-bus', 0))
            """));
        Assert.False(starting.IsCompleted);
        await Ask(other, "select pg_advisory_unlock(hashtextextended('start-bus', 0))");

        await starting;
        await Wait.Eventually(() => Ask(other, "select pg_try_advisory_lock(hashtextextended('start-bus', 0))"));
    }

    static async Task<bool> Ask(NpgsqlConnection connection, string question)
    {
        await using var command = new NpgsqlCommand(question, connection);
        return (bool)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
