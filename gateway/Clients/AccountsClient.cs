using Microsoft.AspNetCore.Http.Extensions;

namespace EnterprisePortal.Gateway.Clients;

public sealed class AccountsClient(HttpClient http) : ServiceClient(http, "Accounts")
{
    public record Account(string Code, string Name, string Owner, Contact Contact, IReadOnlyList<Location> Locations, IReadOnlyList<GroupName> Groups,
        string Status, string TimeZone, string Country, string BaseUrl, Entry Entry, DateTimeOffset? LastSync, bool Favourite);

    public record Contact(string Name, string Email, string Phone);

    public record Location(string Name, string City, string State);

    public record GroupName(Guid Id, string Name);

    /// <param name="Problem">A word of Contracts' <c>EntryProblem</c>, or the account's status.</param>
    public record Entry(string? As, bool Ok, string? Problem);

    /// <summary>What is null stays.</summary>
    public record AccountChange(string? Name = null, string? Owner = null, Contact? Contact = null, string? Status = null);

    /// <param name="ParentId">null for the topmost group the person may see.</param>
    /// <param name="UserEmail">null, here and for Admins: the nearest above counts.</param>
    public record Group(Guid Id, string Name, Guid? ParentId, bool Active, string? UserEmail, string? AdminEmail, IReadOnlyList<string> Accounts);

    /// <summary>What is null stays; an empty e-mail takes the group's own away.</summary>
    public record GroupChange(string? Name, bool? Active, string? UserEmail, string? AdminEmail, Guid? ParentId, IReadOnlyList<string>? Accounts);

    public record Preview(IReadOnlyList<Effect> Groups);

    /// <param name="Lost">Accounts that go out of its people's reach.</param>
    /// <param name="Leaves">Accounts that leave this group because they leave one above.</param>
    /// <param name="LetIn">Its people may come in again, or no longer; null: as before.</param>
    public record Effect(Guid Id, string Name, IReadOnlyList<string> Lost, IReadOnlyList<string> Gained, IReadOnlyList<string> Leaves, bool? LetIn, LoginAs? UserEmail, LoginAs? AdminEmail);

    public record LoginAs(string? Before, string? After);

    public record EntryProblems(IReadOnlyList<BlockedEntry> Items);

    /// <param name="Level">Of the people it keeps out.</param>
    /// <param name="Problem">A word of Contracts' <c>EntryProblem</c>.</param>
    public record BlockedEntry(Guid Group, string Account, string Level, string As, string Problem);

    public Task<Answer<IReadOnlyList<Account>>> Accounts(IEnumerable<Guid> groups, string? words, CancellationToken cancel) =>
        All<Account>("api/accounts" + Query(groups, words).Add("limit", "200"), cancel);

    public static QueryString Query(IEnumerable<Guid> groups, string? words)
    {
        var query = new QueryBuilder { { "group", groups.Select(group => group.ToString()) } };
        if (!string.IsNullOrWhiteSpace(words))
            query.Add("q", words);
        return query.ToQueryString();
    }

    public Task<Answer<Account>> Find(string code, CancellationToken cancel) => Get<Account>(PathOf(code), cancel);

    public Task<Answer<Account>> Edit(string code, AccountChange change, CancellationToken cancel) => Patch<Account>(PathOf(code), change, cancel);

    public Task<Answer<Done>> Star(string code, bool on, CancellationToken cancel) => Do(on ? HttpMethod.Put : HttpMethod.Delete, $"{PathOf(code)}/favourite", null, cancel);

    internal static string PathOf(string code) => $"api/accounts/{Uri.EscapeDataString(code)}";

    public Task<Answer<IReadOnlyList<Group>>> Groups(CancellationToken cancel) => All<Group>("api/groups?limit=200", cancel);

    public Task<Answer<EntryProblems>> BlockedEntries(CancellationToken cancel) => Get<EntryProblems>("api/groups/entry-problems", cancel);

    public Task<Answer<Group>> Create(GroupChange group, CancellationToken cancel) => Post<Group>("api/groups", group, cancel);

    public Task<Answer<Group>> Edit(Guid id, GroupChange change, CancellationToken cancel) => Patch<Group>($"api/groups/{id}", change, cancel);

    public Task<Answer<Preview>> PreviewOf(Guid id, GroupChange change, CancellationToken cancel) => Post<Preview>($"api/groups/{id}/preview", change, cancel);

    public Task<Answer<Done>> Assign(Guid group, string account, CancellationToken cancel) => Do(HttpMethod.Put, $"api/groups/{group}/accounts/{Uri.EscapeDataString(account)}", null, cancel);

    public Task<Answer<Done>> Unassign(Guid group, string account, CancellationToken cancel) => Do(HttpMethod.Delete, $"api/groups/{group}/accounts/{Uri.EscapeDataString(account)}", null, cancel);
}
