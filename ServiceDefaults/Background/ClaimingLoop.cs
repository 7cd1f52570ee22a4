using Microsoft.Extensions.Logging;

namespace EnterprisePortal.ServiceDefaults.Background;

/// <summary>
/// Works on due rows, several at a time: a slow row holds only its own place. A claim moves the row's due time ahead, so that replicas
/// share the rows, and a row whose work failed or whose instance died becomes due again by itself.
/// </summary>
public abstract class ClaimingLoop<TClaim>(int parallel, TimeSpan interval, TimeProvider clock, ILogger log, Notices? wokenBy = null)
    : BackgroundLoop(interval, clock, log, wokenBy) where TClaim : class
{
    readonly SemaphoreSlim places = new(parallel);

    /// <returns>The next row that is due; null where there is none.</returns>
    protected abstract Task<TClaim?> Claim(CancellationToken stop);

    /// <summary>The claim's name in the log.</summary>
    protected abstract string NameOf(TClaim claim);

    protected abstract Task Work(TClaim claim, CancellationToken stop);

    protected sealed override async Task Round(CancellationToken stop)
    {
        while (true)
        {
            await places.WaitAsync(stop);
            TClaim? claim = null;
            try
            {
                claim = await Claim(stop);
            }
            finally
            {
                if (claim is null)
                    places.Release();
            }
            if (claim is null)
                return;
            _ = Task.Run(() => WorkOn(claim, stop), CancellationToken.None);
        }
    }

    async Task WorkOn(TClaim claim, CancellationToken stop)
    {
        try
        {
            await Work(claim, stop);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // It becomes due again after the start.
        }
        catch (Exception e) when (ExpectedProblems.Sentence(e) is { } problem)
        {
            Log.LogWarning("{Work}: {Claim} will be retried: {Problem}", Name, NameOf(claim), problem);
        }
        catch (Exception e)
        {
            Log.LogError(e, "{Work}: {Claim} failed and will be retried.", Name, NameOf(claim));
        }
        finally
        {
            places.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await base.ExecuteAsync(stoppingToken);
        // Nothing is left half-done: work still in progress has been canceled and gives its place back.
        for (var place = 0; place < parallel; place++)
            await places.WaitAsync(CancellationToken.None);
    }
}
