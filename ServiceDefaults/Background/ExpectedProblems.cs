using EnterprisePortal.ServiceDefaults.AccountApi;
using MassTransit;
using Npgsql;
using Polly;
using RabbitMQ.Client.Exceptions;

namespace EnterprisePortal.ServiceDefaults.Background;

/// <summary>
/// What goes wrong without a fault of ours: the database, the broker, a service or an account is away, or too slow. It passes, and its
/// sentence is all there is to know. Everything else may be a fault of ours and is told with its stack.
/// </summary>
static class ExpectedProblems
{
    /// <returns>The sentence; null where the exception was not foreseen.</returns>
    public static string? Sentence(Exception e)
    {
        // EF Core and MassTransit wrap what they met.
        for (var inner = e; inner is not null; inner = inner.InnerException)
            if (IsExpected(inner))
                return inner.Message;
        return null;
    }

    static bool IsExpected(Exception e) => e switch
    {
        // 57P…: the server is being stopped or started. A statement that it does not understand, or a row that it refuses, is our fault.
        PostgresException refusal => refusal.IsTransient || refusal.SqlState.StartsWith("57P", StringComparison.Ordinal),
        NpgsqlException or TimeoutException or HttpRequestException or ExecutionRejectedException or AccountUnavailable => true,
        ConnectionException or TransportException or RabbitMQClientException => true,
        // A deadline of the loop's own: its end was looked at before this.
        OperationCanceledException => true,
        _ => false
    };
}
