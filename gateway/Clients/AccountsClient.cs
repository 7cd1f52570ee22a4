using EnterprisePortal.Contracts.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace EnterprisePortal.Gateway.Clients;

public sealed class AccountsClient(HttpClient http) : ServiceClient(http, "Accounts")
{
    static readonly TimeSpan LongestDuringCall = TimeSpan.FromSeconds(0.5);

    public Task<Answer<IReadOnlyList<AccountItem>>> Accounts(IEnumerable<Guid> groups, string? words, CancellationToken cancel) =>
        All<AccountItem>("api/accounts" + Query(groups, words).Add("limit", "200"), cancel);

    public static QueryString Query(IEnumerable<Guid> groups, string? words)
    {
        var query = new QueryBuilder { { "group", groups.Select(group => group.ToString()) } };
        if (!string.IsNullOrWhiteSpace(words))
            query.Add("q", words);
        return query.ToQueryString();
    }

    public Task<Answer<AccountItem>> Find(string code, CancellationToken cancel) => Get<AccountItem>(PathOf(code), cancel);

    /// <summary>One that is not there in time is missing: no call waits for it.</summary>
    public async Task<IReadOnlyList<AccountItem>> FindQuickly(IEnumerable<string> codes, CancellationToken cancel)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(LongestDuringCall);
        return [.. (await Task.WhenAll(codes.Select(Find))).OfType<AccountItem>()];

        async Task<AccountItem?> Find(string code)
        {
            try
            {
                return (await this.Find(code, late.Token)).Value;
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                return null;
            }
        }
    }

    public Task<Answer<AccountItem>> Edit(string code, AccountChange change, CancellationToken cancel) =>
        Patch<AccountItem>(PathOf(code), change, cancel);

    public Task<Answer<BrandItem>> Brand(CancellationToken cancel) => Get<BrandItem>("api/brand", cancel);

    public Task<Answer<BrandItem>> Brand(BrandChange change, CancellationToken cancel) => Patch<BrandItem>("api/brand", change, cancel);

    public Task<Answer<Done>> Star(string code, bool on, CancellationToken cancel) =>
        Do(on ? HttpMethod.Put : HttpMethod.Delete, $"{PathOf(code)}/favourite", null, cancel);

    internal static string PathOf(string code) => $"api/accounts/{Uri.EscapeDataString(code)}";

    public Task<Answer<IReadOnlyList<GroupItem>>> Groups(CancellationToken cancel) => All<GroupItem>("api/groups?limit=200", cancel);

    public Task<Answer<BlockedEntries>> BlockedEntries(CancellationToken cancel) =>
        Get<BlockedEntries>("api/groups/entry-problems", cancel);

    public Task<Answer<GroupItem>> Create(NewGroup group, CancellationToken cancel) => Post<GroupItem>("api/groups", group, cancel);

    public Task<Answer<GroupItem>> Edit(Guid id, GroupChange change, CancellationToken cancel) =>
        Patch<GroupItem>($"api/groups/{id}", change, cancel);

    public Task<Answer<GroupChangeEffects>> PreviewOf(Guid id, GroupPreview change, CancellationToken cancel) =>
        Post<GroupChangeEffects>($"api/groups/{id}/preview", change, cancel);

    public Task<Answer<Done>> Assign(Guid group, string account, CancellationToken cancel) =>
        Do(HttpMethod.Put, $"api/groups/{group}/accounts/{Uri.EscapeDataString(account)}", null, cancel);

    public Task<Answer<Done>> Unassign(Guid group, string account, CancellationToken cancel) =>
        Do(HttpMethod.Delete, $"api/groups/{group}/accounts/{Uri.EscapeDataString(account)}", null, cancel);
}
