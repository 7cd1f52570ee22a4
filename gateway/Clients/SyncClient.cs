namespace EnterprisePortal.Gateway.Clients;

public sealed class SyncClient(HttpClient http) : ServiceClient(http, "Sync")
{
    /// <param name="Problem">Why the latest attempt failed, in words.</param>
    /// <param name="Added">This and the two after it: what the latest snapshot changed.</param>
    public record State(string Account, DateTimeOffset? LastSync, int? Families, int? Added, int? Changed, int? Removed, string? Problem, DateTimeOffset? Next, bool Running);

    public record Page(IReadOnlyList<State> Items, string? Next);

    public record Requested(DateTimeOffset RequestedAt);

    public Task<Answer<Page>> States(string? cursor, CancellationToken cancel) =>
        Get<Page>("api/sync/accounts?limit=200" + (cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}"), cancel);

    public async Task<Answer<State>> Of(string account, CancellationToken cancel)
    {
        var all = await All<State>("api/sync/accounts?limit=200", cancel);
        return new(all.Value?.FirstOrDefault(state => state.Account == account), all.Status, all.Problem);
    }

    /// <param name="accounts">None: all in reach.</param>
    public Task<Answer<Requested>> Now(string[] accounts, CancellationToken cancel) => Post<Requested>("api/sync/runs", new { accounts }, cancel);
}
