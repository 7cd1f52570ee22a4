using EnterprisePortal.Contracts.Accounts;
using MassTransit;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EnterprisePortal.ServiceDefaults.Directory;

/// <summary>
/// A service is ready once it knows the directory: from its own database copy or, if it is new, from the answer of Accounts.
/// </summary>
sealed class DirectoryKnown(DirectoryReplica replica) : IHealthCheck
{
    volatile IReadOnlyDictionary<Guid, long>? expected;

    internal void Expect(IReadOnlyDictionary<Guid, long> versions) => expected = versions;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var known = expected is { } versions
            ? versions.All(
                wanted => replica.Enterprises.Any(enterprise => enterprise.Id == wanted.Key && enterprise.Version >= wanted.Value))
            : replica.Enterprises.Any();
        return Task.FromResult(known
            ? HealthCheckResult.Healthy()
            : new(context.Registration.FailureStatus, "Waiting for the directory from Accounts."));
    }
}

/// <summary>Consumed by every instance. Repeating it changes nothing.</summary>
sealed class DirectoryArrived(DirectoryKnown known) : IConsumer<DirectoryResent>
{
    public Task Consume(ConsumeContext<DirectoryResent> context)
    {
        known.Expect(context.Message.Versions);
        return Task.CompletedTask;
    }
}
