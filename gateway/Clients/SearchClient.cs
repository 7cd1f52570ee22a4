using Microsoft.AspNetCore.Http.Extensions;

namespace EnterprisePortal.Gateway.Clients;

public sealed class SearchClient(HttpClient http) : ServiceClient(http, "Family Search")
{
    public record Result(int Total, bool TotalIsCapped, IReadOnlyList<Family> Families, IReadOnlyList<AccountCount> Accounts, int MoreAccounts, IReadOnlyList<Family>? Near);

    /// <param name="Why">Near names only: what makes it near.</param>
    public record Family(string Account, string AccountName, string FamilyId, IReadOnlyList<Guardian> Guardians, IReadOnlyList<string> Emails,
        IReadOnlyList<string> Phones, bool Active, DateTimeOffset? AsOf, string? Why = null);

    public record Guardian(string Name);

    public record AccountCount(string Account, int Count, DateTimeOffset? AsOf);

    public Task<Answer<Result>> Families(string? name, string? email, string? phone, IEnumerable<string> accounts, CancellationToken cancel)
    {
        var query = new QueryBuilder { { "account", accounts } };
        foreach (var (field, value) in (ReadOnlySpan<(string, string?)>)[("name", name), ("email", email), ("phone", phone)])
            if (!string.IsNullOrWhiteSpace(value))
                query.Add(field, value);
        return Get<Result>("api/search/families" + query, cancel);
    }
}
