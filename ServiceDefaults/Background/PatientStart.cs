using Microsoft.Extensions.Logging;

namespace EnterprisePortal.ServiceDefaults.Background;

/// <summary>
/// A start that needs a store waits for it, however long it is away, and says once what it waits for. A process that ended instead would
/// only be started again, and would take with it what works without that store.
/// </summary>
static class PatientStart
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <exception cref="Exception">Not an expected problem: a password or a name that is wrong does not mend itself.</exception>
    public static async Task<T> Until<T>(string work, Func<Task<T>> reached, ILogger log, CancellationToken stop)
    {
        for (string? told = null; ; await Task.Delay(Interval, stop))
            try
            {
                return await reached();
            }
            catch (Exception e) when (!stop.IsCancellationRequested && ExpectedProblems.Sentence(e) is { } problem)
            {
                if (told != problem)
                    log.LogWarning("{Work} waits: {Problem}", work, told = problem);
            }
    }
}
