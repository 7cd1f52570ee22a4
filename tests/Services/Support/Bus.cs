using System.Reflection;
using EnterprisePortal.Contracts.Accounts;
using MassTransit;

namespace EnterprisePortal.Tests.Support;

/// <summary>
/// The test's own endpoint on the service's broker: receives every message of Contracts, and remembers those that the test did not send
/// itself.
/// </summary>
public sealed class Bus : IAsyncDisposable
{
    const string FromTest = "From-Test";

    readonly IBusControl bus;
    readonly List<object> heard = [];
    TaskCompletionSource more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    Bus(Uri broker) => bus = MassTransit.Bus.Factory.CreateUsingRabbitMq(rabbit =>
    {
        rabbit.Host(broker);
        rabbit.ReceiveEndpoint(new TemporaryEndpointDefinition("test"), endpoint =>
        {
            foreach (var message in typeof(DirectoryChanged).Assembly.GetExportedTypes().Where(IsMessage))
                Hear.MakeGenericMethod(message).Invoke(this, [endpoint]);
        });
    });

    static readonly MethodInfo Hear = typeof(Bus).GetMethod(nameof(HearOne), BindingFlags.NonPublic | BindingFlags.Instance)!;

    /// <summary>One file per publisher, directly in Contracts; the records of the Account API travel over HTTP.</summary>
    internal static bool IsMessage(Type type) => type is { IsClass: true, IsAbstract: false, IsNested: false }
        && type.Namespace!.StartsWith("EnterprisePortal.Contracts.", StringComparison.Ordinal)
        && type.Namespace["EnterprisePortal.Contracts.".Length..] is not ("AccountApi" or "Http");

    internal static async Task<Bus> Start(string broker)
    {
        var started = new Bus(new(broker));
        await started.bus.StartAsync();
        return started;
    }

    public Task Publish<T>(T message, Guid? messageId = null) where T : class => bus.Publish(message, context =>
    {
        context.MessageId = messageId ?? context.MessageId;
        context.Headers.Set(FromTest, true);
    });

    /// <summary>The first such message that the service has published or will publish soon.</summary>
    /// <exception cref="TimeoutException">It was not published.</exception>
    public async Task<T> Published<T>(Func<T, bool>? which = null) where T : class
    {
        using var deadline = new CancellationTokenSource(Wait.Limit);
        while (true)
        {
            Task next;
            lock (heard)
            {
                if (heard.OfType<T>().FirstOrDefault(which ?? (_ => true)) is { } found)
                    return found;
                next = more.Task;
            }
            if (await Task.WhenAny(next, Task.Delay(Timeout.Infinite, deadline.Token)) != next)
                throw new TimeoutException(
                    $"No such {typeof(T).Name} was published. Heard: "
                    + $"{string.Join(", ", Heard<object>().Select(message => message.GetType().Name))}.");
        }
    }

    /// <summary>Messages received so far: for counting, after waiting for something later.</summary>
    public IReadOnlyList<T> Heard<T>()
    {
        lock (heard)
            return [.. heard.OfType<T>()];
    }

    void HearOne<T>(IReceiveEndpointConfigurator endpoint) where T : class => endpoint.Handler<T>(context =>
    {
        if (context.Headers.Get<bool>(FromTest) == true)
            return Task.CompletedTask;
        TaskCompletionSource was;
        lock (heard)
        {
            heard.Add(context.Message);
            (was, more) = (more, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        was.SetResult();
        return Task.CompletedTask;
    });

    public async ValueTask DisposeAsync() => await bus.StopAsync();
}
