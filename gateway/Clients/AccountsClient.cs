using Microsoft.AspNetCore.Http.Extensions;

namespace EnterprisePortal.Gateway.Clients;

public sealed class AccountsClient(HttpClient http) : ServiceClient(http, "Accounts")
{
    public record Account(string Code, string Name, string Owner, Contact Contact, IReadOnlyList<Location> Locations, IReadOnlyList<GroupName> Groups,
        string Status, Entry Entry, DateTimeOffset? LastSync);

    public record Contact(string Name, string Email, string Phone);

    public record Location(string Name, string City, string State);

    public record GroupName(Guid Id, string Name);

    /// <param name="Problem">A word of Contracts' <c>EntryProblem</c>, or the account's status.</param>
    public record Entry(string? As, bool Ok, string? Problem);

    public record Group(Guid Id, string Name, Guid? ParentId);

    sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

    public Task<Answer<IReadOnlyList<Account>>> Accounts(IEnumerable<Guid> groups, string? words, CancellationToken cancel)
    {
        var query = new QueryBuilder { { "limit", "200" } };
        query.Add("group", groups.Select(group => group.ToString()));
        if (!string.IsNullOrWhiteSpace(words))
            query.Add("q", words);
        return All<Account>("api/accounts" + query, cancel);
    }

    public Task<Answer<IReadOnlyList<Group>>> Groups(CancellationToken cancel) => All<Group>("api/groups?limit=200", cancel);

    async Task<Answer<IReadOnlyList<T>>> All<T>(string path, CancellationToken cancel)
    {
        var all = new List<T>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await Get<Page<T>>(cursor is "" ? path : $"{path}&cursor={Uri.EscapeDataString(cursor)}", cancel);
            if (page.Value is null)
                return new(null, page.Status, page.Problem, page.Errors);
            all.AddRange(page.Value.Items);
            cursor = page.Value.Next;
        }
        return new(all, StatusCodes.Status200OK);
    }
}
