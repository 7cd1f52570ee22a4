using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EnterprisePortal.AppHost.Running;

/// <summary>
/// Aspire asks a resource that is not healthy yet after 1, 2, 3, 4 and then every 5 s, and everything that waits for it waits as long. Here
/// the first check of each resource goes on asking until it is healthy; from then on a check answers at once.
/// </summary>
static class FirstAnswer
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public static IServiceCollection AwaitFirstAnswers(this IServiceCollection services) =>
        services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (var registration in options.Registrations)
            {
                var (check, answered) = (registration.Factory, new Answered());
                registration.Factory = provider => new Awaited(check(provider), answered);
            }
        });

    sealed class Answered
    {
        public bool Once;
    }

    sealed class Awaited(IHealthCheck check, Answered answered) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            while (true)
            {
                var result = await Ask(context, cancellationToken);
                if (answered.Once || result.Status == HealthStatus.Healthy)
                {
                    answered.Once = true;
                    return result;
                }
                await Task.Delay(Interval, cancellationToken);
            }
        }

        async Task<HealthCheckResult> Ask(HealthCheckContext context, CancellationToken cancel)
        {
            try
            {
                return await check.CheckHealthAsync(context, cancel);
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                return new(context.Registration.FailureStatus, exception: e);
            }
        }
    }
}
