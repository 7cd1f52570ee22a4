using EnterprisePortal.ServiceDefaults.AccountApi;
using MassTransit;
using Npgsql;
using Polly;
using RabbitMQ.Client.Exceptions;

namespace EnterprisePortal.ServiceDefaults.Background;

/// <summary>
/// Problems that are no fault of ours: the database, the broker, a service or an account is down or too slow. They pass, and their sentence
/// is all there is to know. Any other exception may be our fault and is logged with its stack.
/// </summary>
static class ExpectedProblems
{
    /// <returns>The sentence; null if the exception is not expected.</returns>
    public static string? Sentence(Exception e)
    {
        // EF Core and MassTransit wrap the exceptions they catch.
        for (var inner = e; inner is not null; inner = inner.InnerException)
            if (IsExpected(inner))
                return inner.Message;
        return null;
    }

    static bool IsExpected(Exception e) => e switch
    {
        // 57P…: the server is stopping or starting. A statement it does not understand, or a row it refuses, is our fault.
        PostgresException refusal => refusal.IsTransient || refusal.SqlState.StartsWith("57P", StringComparison.Ordinal),
        NpgsqlException or TimeoutException or HttpRequestException or ExecutionRejectedException or AccountUnavailable => true,
        ConnectionException or TransportException or RabbitMQClientException or BrokerUnreachableException => true,
        // A deadline of the loop's own: the end of the host was checked before this.
        OperationCanceledException => true,
        _ => false
    };
}
