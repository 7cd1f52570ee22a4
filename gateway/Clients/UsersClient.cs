using System.Globalization;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using Microsoft.AspNetCore.Http.Extensions;

namespace EnterprisePortal.Gateway.Clients;

public sealed class UsersClient(HttpClient http) : ServiceClient(http, "The list of users")
{
    /// <param name="signedIn">Only people with an open session.</param>
    /// <param name="sort">A column's name, with a minus before it for the other direction; null: by name.</param>
    public Task<Answer<CountedPage<UserItem>>> Users(string? words, IEnumerable<Guid> groups, bool signedIn, string? sort, int offset,
        int limit, CancellationToken cancel)
    {
        var query = new QueryBuilder
        {
            { "group", groups.Select(group => group.ToString()) },
            { "offset", offset.ToString(CultureInfo.InvariantCulture) }, { "limit", limit.ToString(CultureInfo.InvariantCulture) }
        };
        foreach (var (field, value) in (ReadOnlySpan<(string, string?)>)[("q", words), ("sort", sort)])
            if (!string.IsNullOrWhiteSpace(value))
                query.Add(field, value);
        if (signedIn)
            query.Add("signedIn", "true");
        return Get<CountedPage<UserItem>>("api/users" + query, cancel);
    }

    public Task<Answer<IReadOnlyList<UserItem>>> SignedIn(CancellationToken cancel) =>
        All<UserItem>("api/users?signedIn=true&limit=200", cancel);

    /// <param name="groups">Empty: all groups in reach.</param>
    public Task<Answer<IReadOnlyList<UserItem>>> Everyone(IEnumerable<Guid> groups, CancellationToken cancel) =>
        All<UserItem>("api/users" + new QueryBuilder { { "limit", "200" }, { "group", groups.Select(group => group.ToString()) } }, cancel);

    public Task<Answer<UserItem>> Find(Guid id, CancellationToken cancel) => Get<UserItem>($"api/users/{id}", cancel);

    public Task<Answer<UserItem>> Invite(NewUser invitation, CancellationToken cancel) => Post<UserItem>("api/users", invitation, cancel);

    public Task<Answer<UserItem>> Edit(Guid id, UserEdit change, CancellationToken cancel) =>
        Patch<UserItem>($"api/users/{id}", change, cancel);

    public Task<Answer<Done>> Remove(Guid id, CancellationToken cancel) => Do(HttpMethod.Delete, $"api/users/{id}", null, cancel);

    /// <summary>Newest first.</summary>
    /// <param name="of">null: one's own.</param>
    public Task<Answer<IReadOnlyList<SessionItem>>> Sessions(Guid? of, CancellationToken cancel) =>
        All<SessionItem>($"{PathOf(of)}/sessions?limit=200", cancel);

    public Task<Answer<Done>> EndSession(Guid? of, Guid session, CancellationToken cancel) =>
        Do(HttpMethod.Delete, $"{PathOf(of)}/sessions/{session}", null, cancel);

    /// <param name="of">null: the caller's own, except the current one.</param>
    public Task<Answer<Done>> EndSessions(Guid? of, CancellationToken cancel) =>
        Do(HttpMethod.Delete, $"{PathOf(of)}/sessions{(of is null ? "?others=true" : "")}", null, cancel);

    /// <summary>Newest first, including ended ones.</summary>
    /// <param name="of">null: one's own.</param>
    public Task<Answer<Page<TokenItem>>> Tokens(Guid? of, CancellationToken cancel) => Get<Page<TokenItem>>($"{PathOf(of)}/tokens", cancel);

    public Task<Answer<CreatedToken>> CreateToken(NewToken token, CancellationToken cancel) =>
        Post<CreatedToken>("api/me/tokens", token, cancel);

    public Task<Answer<Done>> RevokeToken(Guid? of, Guid token, CancellationToken cancel) =>
        Do(HttpMethod.Delete, $"{PathOf(of)}/tokens/{token}", null, cancel);

    static string PathOf(Guid? user) => user is null ? "api/me" : $"api/users/{user}";
}
