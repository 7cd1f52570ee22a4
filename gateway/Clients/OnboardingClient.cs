namespace EnterprisePortal.Gateway.Clients;

/// <summary>Apart from the pages' other calls to Accounts: here an account is asked, and may be slow to answer.</summary>
public sealed class OnboardingClient(HttpClient http) : ServiceClient(http, "Accounts")
{
    public record Registration(string? BaseUrl, string? PairingCode, string? Code, IReadOnlyList<Guid> Groups);

    /// <param name="TestedAt">null: never.</param>
    public record Connection(DateTimeOffset? TestedAt, bool Passed, IReadOnlyList<Step> Steps);

    /// <param name="Name"><c>reachable</c>, <c>keys</c>, <c>snapshot</c>, <c>restrictions</c> or <c>staff</c>.</param>
    /// <param name="Outcome"><c>good</c>, <c>warning</c>, <c>failed</c> or <c>skipped</c>.</param>
    public record Step(string Name, string Outcome, string Words);

    public Task<Answer<AccountsClient.Account>> Register(Registration account, CancellationToken cancel) => Post<AccountsClient.Account>("api/accounts", account, cancel);

    public Task<Answer<Connection>> Find(string code, CancellationToken cancel) => Get<Connection>($"{AccountsClient.PathOf(code)}/connection", cancel);

    public Task<Answer<Connection>> Test(string code, CancellationToken cancel) => Post<Connection>($"{AccountsClient.PathOf(code)}/connection", new { }, cancel);

    /// <param name="anyway">Also where the account cannot be told.</param>
    public Task<Answer<Done>> Remove(string code, bool anyway, CancellationToken cancel) => Do(HttpMethod.Delete, $"{AccountsClient.PathOf(code)}{(anyway ? "?anyway=true" : "")}", null, cancel);
}
