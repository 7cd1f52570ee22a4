using System.Collections.Concurrent;
using EnterprisePortal.Contracts.Accounts;

namespace EnterprisePortal.Reports.Generation;

/// <summary>Limits concurrent reports at one account host, per replica: accounts must serve their own staff as well.</summary>
sealed class HostSlots
{
    const int PerHost = 32;
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);
    readonly ConcurrentDictionary<string, SemaphoreSlim> hosts = new();

    /// <returns>False if no slot became free in a moment: come back later instead of holding up other hosts.</returns>
    public Task<bool> Take(AccountState account, CancellationToken cancel) => Of(account).WaitAsync(Deadline, cancel);

    public void Give(AccountState account) => Of(account).Release();

    SemaphoreSlim Of(AccountState account) => hosts.GetOrAdd(new Uri(account.BaseUrl).Authority, _ => new(PerHost));
}
