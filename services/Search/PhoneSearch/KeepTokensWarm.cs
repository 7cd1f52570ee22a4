using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Background;
using EnterprisePortal.ServiceDefaults.Directory;

namespace EnterprisePortal.Search.PhoneSearch;

/// <summary>
/// Gets a token for each account before the phone rings: requesting three hundred from Identity at once would cost the first call its
/// answers.
/// </summary>
sealed class KeepTokensWarm(DirectoryReplica directory, ServiceTokens tokens, TimeProvider clock, ILogger<KeepTokensWarm> log)
    : DirectoryLoop(directory, TimeSpan.FromSeconds(20), clock, log)
{
    protected override async Task Round(CancellationToken stop)
    {
        foreach (var account in Directory.AllAccounts.Where(account => account.Status == AccountState.Active).ToArray())
            await tokens.KeepWarm(account.BaseUrl, AccountScopes.Api).WaitAsync(stop);
    }
}
