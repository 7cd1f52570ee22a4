using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Directory;
using Polly;

namespace EnterprisePortal.Search.PhoneSearch;

/// <summary>A token for each account is there before the phone rings: asking Identity for three hundred at once would cost the first call its answers.</summary>
sealed class KeepTokensWarm(DirectoryReplica directory, ServiceTokens tokens) : BackgroundService
{
    static readonly TimeSpan Apart = TimeSpan.FromSeconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var changed = new SemaphoreSlim(0);
        void Wake(Enterprise _) => changed.Release();
        directory.Changed += Wake;
        using var deaf = stoppingToken.Register(() => directory.Changed -= Wake);
        while (true)
        {
            foreach (var account in directory.AllAccounts.Where(account => account.Status == AccountState.Active).ToArray())
                try
                {
                    await tokens.KeepWarm(account.BaseUrl, AccountScopes.Api).WaitAsync(stoppingToken);
                }
                catch (Exception e) when (e is HttpRequestException or ExecutionRejectedException)
                {
                    break; // Identity is away; the next round asks again.
                }
            await changed.WaitAsync(Apart, stoppingToken);
        }
    }
}
