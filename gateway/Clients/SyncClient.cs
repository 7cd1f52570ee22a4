using EnterprisePortal.Contracts.Http;

namespace EnterprisePortal.Gateway.Clients;

public sealed class SyncClient(HttpClient http) : ServiceClient(http, "Sync")
{
    public Task<Answer<IReadOnlyList<SyncState>>> States(CancellationToken cancel) => All<SyncState>("api/sync/accounts?limit=200", cancel);

    public IAsyncEnumerable<IReadOnlyList<SyncState>> Watch(CancellationToken cancel) => Poll(States, cancel);

    public async Task<Answer<SyncState>> Of(string account, CancellationToken cancel)
    {
        var all = await All<SyncState>("api/sync/accounts?limit=200", cancel);
        return new(all.Value?.FirstOrDefault(state => state.Account == account), all.Status, all.Problem);
    }

    /// <param name="accounts">Empty: all accounts in reach.</param>
    public Task<Answer<SyncRequested>> Now(string[] accounts, CancellationToken cancel) =>
        Post<SyncRequested>("api/sync/runs", new SyncRequest(accounts), cancel);
}

static class SyncStateWords
{
    extension(SyncState state)
    {
        /// <summary>The state will change by itself, without a person doing anything.</summary>
        public bool IsOpen => state.Running || state.Waiting || state.Applying;
    }
}
