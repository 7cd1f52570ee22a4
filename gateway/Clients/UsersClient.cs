using Microsoft.AspNetCore.Http.Extensions;

namespace EnterprisePortal.Gateway.Clients;

public sealed class UsersClient(HttpClient http) : ServiceClient(http, "The list of users")
{
    public record UserPage(IReadOnlyList<User> Items, string? Next);

    public record User(Guid Id, string Email, string Name, string Level, AccountsClient.GroupName Group, string Status, string? StaffEmail, DateTimeOffset? LastSignIn);

    public record Invitation(string? Email, string? Name, string? Level, Guid? Group, string? Provider, string? StaffEmail);

    /// <summary>What is null stays; an empty staff e-mail takes it away.</summary>
    public record Change(string? Name = null, string? Level = null, string? Status = null, Guid? Group = null, string? StaffEmail = null);

    /// <param name="EndedAt">null: open.</param>
    /// <param name="Current">The one that asks.</param>
    public record Session(Guid Id, string Provider, string Device, string? Ip, DateTimeOffset Started, DateTimeOffset LastSeen, DateTimeOffset? EndedAt, bool Current, IReadOnlyList<Entry> Accounts);

    /// <param name="Leaving">The account has been told to end it.</param>
    /// <param name="EndedConfirmedAt">When it said that it has; null: open there, for all we know.</param>
    public record Entry(string Account, DateTimeOffset OpenSince, bool Leaving, DateTimeOffset? EndedConfirmedAt);

    /// <param name="State"><c>active</c>, <c>expired</c> or <c>revoked</c>.</param>
    public record Token(Guid Id, string Name, IReadOnlyList<string> Scopes, string State, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt, string? LastUsedIp);

    public record TokenPage(IReadOnlyList<Token> Items);

    public record NewToken(string? Name, IReadOnlyList<string> Scopes, int Days);

    /// <param name="Secret">Shown once.</param>
    public record CreatedToken(Token Token, string Secret);

    public Task<Answer<UserPage>> Users(string? words, IEnumerable<Guid> groups, string? cursor, CancellationToken cancel)
    {
        var query = new QueryBuilder { { "group", groups.Select(group => group.ToString()) } };
        foreach (var (field, value) in (ReadOnlySpan<(string, string?)>)[("q", words), ("cursor", cursor)])
            if (!string.IsNullOrWhiteSpace(value))
                query.Add(field, value);
        return Get<UserPage>("api/users" + query, cancel);
    }

    /// <param name="groups">None: all in reach.</param>
    public Task<Answer<IReadOnlyList<User>>> Everyone(IEnumerable<Guid> groups, CancellationToken cancel) =>
        All<User>("api/users" + new QueryBuilder { { "limit", "200" }, { "group", groups.Select(group => group.ToString()) } }, cancel);

    public Task<Answer<User>> Find(Guid id, CancellationToken cancel) => Get<User>($"api/users/{id}", cancel);

    public Task<Answer<User>> Invite(Invitation invitation, CancellationToken cancel) => Post<User>("api/users", invitation, cancel);

    public Task<Answer<User>> Edit(Guid id, Change change, CancellationToken cancel) => Patch<User>($"api/users/{id}", change, cancel);

    public Task<Answer<Done>> Remove(Guid id, CancellationToken cancel) => Do(HttpMethod.Delete, $"api/users/{id}", null, cancel);

    /// <summary>Newest first.</summary>
    /// <param name="of">null: one's own.</param>
    public Task<Answer<IReadOnlyList<Session>>> Sessions(Guid? of, CancellationToken cancel) => All<Session>($"{PathOf(of)}/sessions?limit=200", cancel);

    public Task<Answer<Done>> EndSession(Guid? of, Guid session, CancellationToken cancel) => Do(HttpMethod.Delete, $"{PathOf(of)}/sessions/{session}", null, cancel);

    /// <param name="of">null: one's own, but for the one that asks.</param>
    public Task<Answer<Done>> EndSessions(Guid? of, CancellationToken cancel) => Do(HttpMethod.Delete, $"{PathOf(of)}/sessions{(of is null ? "?others=true" : "")}", null, cancel);

    /// <summary>Newest first, also those that have ended.</summary>
    /// <param name="of">null: one's own.</param>
    public Task<Answer<TokenPage>> Tokens(Guid? of, CancellationToken cancel) => Get<TokenPage>($"{PathOf(of)}/tokens", cancel);

    public Task<Answer<CreatedToken>> CreateToken(NewToken token, CancellationToken cancel) => Post<CreatedToken>("api/me/tokens", token, cancel);

    public Task<Answer<Done>> RevokeToken(Guid? of, Guid token, CancellationToken cancel) => Do(HttpMethod.Delete, $"{PathOf(of)}/tokens/{token}", null, cancel);

    static string PathOf(Guid? user) => user is null ? "api/me" : $"api/users/{user}";
}
