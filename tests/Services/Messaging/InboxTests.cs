using EnterprisePortal.Audit;
using EnterprisePortal.Contracts.Identity;
using EnterprisePortal.Contracts.Search;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.Tests.Support;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EnterprisePortal.Tests.Messaging;

public class InboxTests(Service<RecordActivity> service) : IClassFixture<Service<RecordActivity>>
{
    [Fact]
    public async Task A_message_delivered_twice_has_its_effect_once()
    {
        var cancel = TestContext.Current.CancellationToken;
        var db = service.Instance.Services.GetRequiredService<NpgsqlDataSource>();
        var (effects, last) = (0, new TaskCompletionSource());
        var endpoint = service.Instance.Services.GetRequiredService<IReceiveEndpointConnector>()
            .ConnectReceiveEndpoint("audit-count", (_, endpoint) =>
        {
            endpoint.ConcurrentMessageLimit = 1;
            endpoint.Handler<UserChanged>(async context =>
            {
                await using var connection = await db.OpenConnectionAsync(context.CancellationToken);
                await using var transaction = await connection.BeginTransactionAsync(context.CancellationToken);
                if (await connection.FirstTime(context, "count"))
                    effects++;
                await transaction.CommitAsync(context.CancellationToken);
                if (context.Message.Version == 2)
                    last.SetResult();
            });
        });
        await endpoint.Ready;

        var (person, once) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await service.Bus.Publish(Change(person, 1), once);
        await service.Bus.Publish(Change(person, 1), once);
        await service.Bus.Publish(Change(person, 2));
        await last.Task.WaitAsync(Wait.Limit, cancel);

        Assert.Equal(2, effects);
    }

    [Fact]
    public async Task A_message_whose_effect_was_rolled_back_counts_as_new()
    {
        var cancel = TestContext.Current.CancellationToken;
        var db = service.Instance.Services.GetRequiredService<NpgsqlDataSource>();
        var (attempts, done) = (0, new TaskCompletionSource<bool>());
        var endpoint = service.Instance.Services.GetRequiredService<IReceiveEndpointConnector>()
            .ConnectReceiveEndpoint("audit-stumble", (_, endpoint) =>
        {
            endpoint.UseMessageRetry(retry => retry.Immediate(1));
            endpoint.Handler<SnapshotRejected>(async context =>
            {
                await using var connection = await db.OpenConnectionAsync(context.CancellationToken);
                await using var transaction = await connection.BeginTransactionAsync(context.CancellationToken);
                var first = await connection.FirstTime(context, "stumble");
                if (attempts++ == 0)
                    throw new InvalidOperationException("The first attempt fails after the inbox was written.");
                await transaction.CommitAsync(context.CancellationToken);
                done.SetResult(first);
            });
        });
        await endpoint.Ready;

        await service.Bus.Publish(new SnapshotRejected(Guid.CreateVersion7(), "bluedolphin-austin", "A try."));

        Assert.True(await done.Task.WaitAsync(Wait.Limit, cancel));
    }

    static UserChanged Change(Guid person, long version) =>
        new(person, version, "rosa@example.com", "Rosa", "user", Demo.EastId, "active", null);
}
