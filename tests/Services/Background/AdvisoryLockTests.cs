using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.Tests.Support;
using Npgsql;

namespace EnterprisePortal.Tests.Background;

public sealed class AdvisoryLockTests(Servers servers) : IAsyncLifetime
{
    readonly string name = $"locks_{Environment.ProcessId}_{Random.Shared.GetHexString(6, lowercase: true)}";
    NpgsqlDataSource replica = null!, other = null!;

    public async ValueTask InitializeAsync()
    {
        var connection = await servers.NewDatabase(name);
        (replica, other) = (NpgsqlDataSource.Create(connection), NpgsqlDataSource.Create(connection));
    }

    [Fact]
    public async Task Only_one_replica_has_a_lock_and_gives_it_to_the_one_that_waits()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var mine = await replica.TryLock("tidy", cancel);
        Assert.NotNull(mine);

        Assert.Null(await other.TryLock("tidy", cancel));
        await using var unrelated = await other.TryLock("untidy", cancel);
        Assert.NotNull(unrelated);
        var waiting = other.Lock("tidy", cancel);
        Assert.False(waiting.IsCompleted);
        await mine.DisposeAsync();

        await using var theirs = await waiting;
        Assert.Null(await replica.TryLock("tidy", cancel));
    }

    [Fact]
    public async Task A_lock_that_sql_takes_by_the_same_name_is_the_same_lock()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var connection = await replica.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var take = new NpgsqlCommand("select pg_advisory_xact_lock(hashtextextended('prepare', 0))", connection, transaction);
        await take.ExecuteNonQueryAsync(cancel);

        Assert.Null(await other.TryLock("prepare", cancel));
        await transaction.CommitAsync(cancel);
        await using var after = await other.TryLock("prepare", cancel);
        Assert.NotNull(after);
    }

    public async ValueTask DisposeAsync()
    {
        await replica.DisposeAsync();
        await other.DisposeAsync();
        await servers.DropDatabase(name);
    }
}
