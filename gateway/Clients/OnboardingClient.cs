using EnterprisePortal.Contracts.Http;

namespace EnterprisePortal.Gateway.Clients;

/// <summary>Separate from the pages' other calls to Accounts: these ask an account, which may be slow to answer.</summary>
public sealed class OnboardingClient(HttpClient http) : ServiceClient(http, "Accounts")
{
    public Task<Answer<AccountItem>> Register(NewAccount account, CancellationToken cancel) =>
        Post<AccountItem>("api/accounts", account, cancel);

    public Task<Answer<ConnectionState>> Find(string code, CancellationToken cancel) =>
        Get<ConnectionState>($"{AccountsClient.PathOf(code)}/connection", cancel);

    public Task<Answer<ConnectionState>> Test(string code, CancellationToken cancel) =>
        Post<ConnectionState>($"{AccountsClient.PathOf(code)}/connection", new { }, cancel);

    /// <param name="anyway">Remove it even if the account cannot be told.</param>
    public Task<Answer<Done>> Remove(string code, bool anyway, CancellationToken cancel) =>
        Do(HttpMethod.Delete, $"{AccountsClient.PathOf(code)}{(anyway ? "?anyway=true" : "")}", null, cancel);
}
