namespace EnterprisePortal.Gateway.Clients;

public sealed class SyncClient(HttpClient http) : ServiceClient(http, "Sync")
{
    /// <param name="Problem">Why the latest attempt failed, in words.</param>
    /// <param name="Added">This and the two after it: what the latest snapshot changed.</param>
    /// <param name="Applying">Read, and on its way into the index.</param>
    /// <param name="Followed">Its change feed is followed.</param>
    /// <param name="Drift">Families whose change the feed had lost, as that snapshot found.</param>
    public record State(string Account, DateTimeOffset? LastSync, int? Families, int? Added, int? Changed, int? Removed, string? Problem, DateTimeOffset? Next, bool Running, double? Seconds,
        bool Waiting, bool Applying, bool Followed, int? Drift, IReadOnlyList<string>? DriftExamples)
    {
        /// <summary>Something will come of it without anybody doing more.</summary>
        public bool IsOpen => Running || Waiting || Applying;
    }

    public record Requested(DateTimeOffset RequestedAt, IReadOnlyList<string> Accounts);

    public Task<Answer<IReadOnlyList<State>>> States(CancellationToken cancel) => All<State>("api/sync/accounts?limit=200", cancel);

    public IAsyncEnumerable<IReadOnlyList<State>> Watch(CancellationToken cancel) => Again(States, cancel);

    public async Task<Answer<State>> Of(string account, CancellationToken cancel)
    {
        var all = await All<State>("api/sync/accounts?limit=200", cancel);
        return new(all.Value?.FirstOrDefault(state => state.Account == account), all.Status, all.Problem);
    }

    /// <param name="accounts">None: all in reach.</param>
    public Task<Answer<Requested>> Now(string[] accounts, CancellationToken cancel) => Post<Requested>("api/sync/runs", new { accounts }, cancel);
}
