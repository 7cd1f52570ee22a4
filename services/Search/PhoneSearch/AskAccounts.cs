using System.Collections.Concurrent;
using System.Diagnostics;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.AccountApi;

namespace EnterprisePortal.Search.PhoneSearch;

/// <summary>
/// Asks accounts who has a number, while the phone rings. After an account fails to answer in time, no search waits for it until it has
/// answered a background probe. (Polly's circuit breaker opens after two failures at the earliest, and makes a caller wait for the trial.)
/// </summary>
public sealed class AskAccounts(AccountApiClient accounts, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<AskAccounts> log)
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1.5);
    static readonly TimeSpan FirstProbe = TimeSpan.FromSeconds(1), ProbeInterval = TimeSpan.FromSeconds(5),
        GiveUp = TimeSpan.FromMinutes(5);
    readonly ConcurrentDictionary<string, byte> resting = new();

    /// <returns>null if the account did not answer in time, or is known not to.</returns>
    public async Task<IReadOnlyList<LiveFamily>?> Families(
        AccountState account, string e164, CancellationToken deadline, CancellationToken cancel)
    {
        if (resting.ContainsKey(account.Code))
            return null;
        if (await Try<LiveFamilies>(account, Path(e164), deadline, cancel) is { Families: { } families })
            return families;
        if (resting.TryAdd(account.Code, 0))
            _ = Probe(account, e164);
        return null;
    }

    /// <returns>null if the account did not answer.</returns>
    public async Task<bool?> Active(AccountState account, string family, CancellationToken deadline, CancellationToken cancel) =>
        resting.ContainsKey(account.Code) ? null
        : (await Try<LiveEnrollment>(account, $"families/{Uri.EscapeDataString(family)}/enrollment", deadline, cancel))?.Active;

    async Task<T?> Try<T>(AccountState account, string path, CancellationToken deadline, CancellationToken cancel) where T : class
    {
        try
        {
            return await accounts.Get<T>(account, path, deadline, cancel);
        }
        catch (AccountUnavailable)
        {
            return null;
        }
    }

    async Task Probe(AccountState account, string e164)
    {
        // Not in the trace of the search, which ended long before.
        Activity.Current = null;
        log.LogWarning("{Account} did not answer a phone search; its families come from the index until it does", account.Code);
        var until = clock.GetUtcNow() + GiveUp;
        var stopping = lifetime.ApplicationStopping;
        for (var pause = FirstProbe; clock.GetUtcNow() < until && !stopping.IsCancellationRequested; pause = ProbeInterval)
        {
            await Task.Delay(pause, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            using var deadline = new CancellationTokenSource(Deadline, clock);
            if (await Try<LiveFamilies>(account, Path(e164), deadline.Token, CancellationToken.None) is { Families: not null })
                break;
        }
        resting.TryRemove(account.Code, out _);
    }

    static string Path(string e164) => $"families?phone={Uri.EscapeDataString(e164)}";
}
