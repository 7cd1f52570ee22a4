using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using Microsoft.AspNetCore.Http.Extensions;

namespace EnterprisePortal.Gateway.Clients;

public sealed class SearchClient(HttpClient http) : ServiceClient(http, "Family Search")
{
    public Task<Answer<FoundFamilies>> Families(
        string? name,
        string? email,
        string? phone,
        IEnumerable<string> accounts,
        IEnumerable<string> groups,
        CancellationToken cancel)
    {
        var query = new QueryBuilder { { "account", accounts }, { "group", groups } };
        foreach (var (field, value) in (ReadOnlySpan<(string, string?)>)[("name", name), ("email", email), ("phone", phone)])
            if (!string.IsNullOrWhiteSpace(value))
                query.Add(field, value);
        return Get<FoundFamilies>("api/search/families" + query, cancel);
    }

    /// <param name="checks">Check enrollments as well before answering.</param>
    public Task<Answer<Caller>> FindCaller(string phone, bool checks, CancellationToken cancel) =>
        Get<Caller>($"api/search/phone/{Uri.EscapeDataString(phone)}?checks={(checks ? "true" : "false")}", cancel);

    public Task<Answer<EnrollmentCheck>> CheckEnrollment(string account, string family, CancellationToken cancel) =>
        Get<EnrollmentCheck>($"api/search/enrollment/{Uri.EscapeDataString(account)}/{Uri.EscapeDataString(family)}", cancel);

    public Task<Answer<Page<PhoneLookup>>> PhoneLookups(CancellationToken cancel) =>
        Get<Page<PhoneLookup>>("api/search/phone-lookups", cancel);

    public Task<Answer<Page<LookupHour>>> LookupHours(CancellationToken cancel) =>
        Get<Page<LookupHour>>("api/search/phone-lookups/hours", cancel);

    /// <param name="kind"><c>levels</c>, <c>programs</c> or <c>charge-categories</c>.</param>
    public Task<Answer<NamesInReach>> NamesOf(string kind, CancellationToken cancel) => Get<NamesInReach>($"api/validation/{kind}", cancel);

    public Task<Answer<SlipDismissal>> Dismiss(string kind, string probably, string[] names, CancellationToken cancel) =>
        Post<SlipDismissal>($"api/validation/{Uri.EscapeDataString(kind)}/dismissals", new NewDismissal(probably, names, null), cancel);

    public Task<Answer<Done>> UndoDismissal(string kind, Guid id, CancellationToken cancel) =>
        Do(HttpMethod.Delete, $"api/validation/{Uri.EscapeDataString(kind)}/dismissals/{id}", null, cancel);

    public Task<Answer<Page<AccountWithName>>> AccountsWith(string kind, string name, CancellationToken cancel) =>
        Get<Page<AccountWithName>>($"api/validation/{kind}/accounts{QueryString.Create("name", name)}", cancel);
}

static class FoundFamiliesWords
{
    extension(FoundFamily family)
    {
        public string Key => $"{family.Account}/{family.FamilyId}";

        /// <summary>For near names: why the name is near.</summary>
        public string? Why => (family as NearFamily)?.Why;
    }

    extension(CallerMatch match)
    {
        public bool IsLive => match.Source == "live";

        /// <summary>The link into the account: FAMILIES with the number in its search field.</summary>
        public string EntryAddress => $"/open/{match.Account}{QueryString.Create("to", "/families").Add("phone", match.E164)}";
    }
}
