using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Extensions;

namespace EnterprisePortal.Gateway.Clients;

public sealed class SearchClient(HttpClient http) : ServiceClient(http, "Family Search")
{
    public record Result(int Total, bool TotalIsCapped, IReadOnlyList<Family> Families, IReadOnlyList<AccountCount> Accounts, int MoreAccounts, IReadOnlyList<Family>? Near);

    /// <param name="SameAs"><c>account/id</c> of a family before it that is the same, in another account.</param>
    /// <param name="Why">Near names only: what makes it near.</param>
    public record Family(string Account, string AccountName, string FamilyId, IReadOnlyList<Guardian> Guardians, IReadOnlyList<string> Emails,
        IReadOnlyList<string> Phones, bool Active, DateTimeOffset? AsOf, string? SameAs = null, string? Why = null)
    {
        public string Key => $"{Account}/{FamilyId}";
    }

    public record Guardian(string Name);

    public record AccountCount(string Account, int Count, DateTimeOffset? AsOf);

    /// <param name="Number">As staff read it out.</param>
    /// <param name="Unanswered">Codes of accounts that did not answer in time.</param>
    public record Caller(string Number, IReadOnlyList<CallerMatch> Matches, IReadOnlyList<string> Unanswered);

    /// <param name="Source"><c>live</c>, or <c>index</c>: from the last sync, at <paramref name="AsOf"/>.</param>
    public record CallerMatch(string Account, string AccountName, string E164, IReadOnlyList<CallerFamily> Families, string Source, DateTimeOffset? AsOf)
    {
        public bool IsLive => Source == "live";

        /// <summary>The way into the account: FAMILIES with the number in its search field.</summary>
        public string Entry => $"/open/{Account}{QueryString.Create("to", "/families").Add("phone", E164)}";
    }

    /// <param name="Active">null: not known.</param>
    public record CallerFamily(string FamilyId, string Name, bool? Active);

    public record Enrollment(bool? Active);

    public record Lookups(IReadOnlyList<Lookup> Items);

    /// <param name="Phone">Only its end.</param>
    public record Lookup(DateTimeOffset At, string Phone, string Outcome, int Milliseconds);

    /// <param name="Groups">Likely slips; those that are names of their own are <paramref name="Dismissed"/>.</param>
    public record Names([property: JsonPropertyName("names")] IReadOnlyList<Name> Items, IReadOnlyList<SlipGroup> Groups, IReadOnlyList<Dismissal> Dismissed);

    public record Name([property: JsonPropertyName("name")] string Text, int Accounts, string? Probably);

    public record SlipGroup(string Probably, int Accounts, IReadOnlyList<Slip> Names);

    public record Slip([property: JsonPropertyName("name")] string Text, int Accounts, string Why);

    /// <param name="For"><c>group</c>: everybody of <paramref name="GroupName"/> and below. <c>me</c>: this person alone.</param>
    public record Dismissal(Guid Id, string Probably, IReadOnlyList<string> Names, string For, string? GroupName, string By, DateTimeOffset At, bool MayUndo);

    public record AccountsWithName(IReadOnlyList<AccountWithName> Items);

    public record AccountWithName(string Account, string AccountName, int Uses, DateTimeOffset? AsOf);

    public Task<Answer<Result>> Families(string? name, string? email, string? phone, IEnumerable<string> accounts, IEnumerable<string> groups, CancellationToken cancel)
    {
        var query = new QueryBuilder { { "account", accounts }, { "group", groups } };
        foreach (var (field, value) in (ReadOnlySpan<(string, string?)>)[("name", name), ("email", email), ("phone", phone)])
            if (!string.IsNullOrWhiteSpace(value))
                query.Add(field, value);
        return Get<Result>("api/search/families" + query, cancel);
    }

    /// <param name="checks">Enrolments as well, before it answers.</param>
    public Task<Answer<Caller>> FindCaller(string phone, bool checks, CancellationToken cancel) =>
        Get<Caller>($"api/search/phone/{Uri.EscapeDataString(phone)}?checks={(checks ? "true" : "false")}", cancel);

    public Task<Answer<Enrollment>> CheckEnrollment(string account, string family, CancellationToken cancel) =>
        Get<Enrollment>($"api/search/enrollment/{Uri.EscapeDataString(account)}/{Uri.EscapeDataString(family)}", cancel);

    public Task<Answer<Lookups>> PhoneLookups(CancellationToken cancel) => Get<Lookups>("api/search/phone-lookups", cancel);

    /// <param name="kind"><c>levels</c>, <c>programs</c> or <c>charge-categories</c>.</param>
    public Task<Answer<Names>> NamesOf(string kind, CancellationToken cancel) => Get<Names>($"api/validation/{kind}", cancel);

    public Task<Answer<Dismissal>> Dismiss(string kind, string probably, IEnumerable<string> names, CancellationToken cancel) =>
        Post<Dismissal>($"api/validation/{Uri.EscapeDataString(kind)}/dismissals", new { probably, names }, cancel);

    public Task<Answer<Done>> UndoDismissal(string kind, Guid id, CancellationToken cancel) =>
        Do(HttpMethod.Delete, $"api/validation/{Uri.EscapeDataString(kind)}/dismissals/{id}", null, cancel);

    public Task<Answer<AccountsWithName>> AccountsWith(string kind, string name, CancellationToken cancel) =>
        Get<AccountsWithName>($"api/validation/{kind}/accounts{QueryString.Create("name", name)}", cancel);
}
