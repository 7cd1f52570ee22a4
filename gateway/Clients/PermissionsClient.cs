using EnterprisePortal.Contracts.AccountApi;
using Microsoft.AspNetCore.Http.Extensions;

namespace EnterprisePortal.Gateway.Clients;

public sealed class PermissionsClient(HttpClient http) : ServiceClient(http, "Permissions")
{
    public record Catalogue(IReadOnlyList<Section> Sections);

    public record Section(string Name, IReadOnlyList<Permission> Permissions);

    /// <param name="Why">Why it cannot be removed; null where it can.</param>
    public record Permission(string Id, string Name, string Allows, bool Removable, string? Why);

    public record Restrictions(Group Group, IReadOnlyList<Item> Permissions, IReadOnlyList<Delivery> Accounts);

    public record Group(Guid Id, string Name);

    /// <param name="RemovedBy">From the root down.</param>
    /// <param name="Ended">This group's removal, where its last day is over.</param>
    public record Item(string Id, string State, IReadOnlyList<RemovedBy> RemovedBy, RemovedBy? Ended = null);

    public record RemovedBy(Guid GroupId, string Group, string Reason, DateOnly? Until, string By, DateTimeOffset At);

    /// <param name="State"><c>applied</c>, <c>pending</c> or <c>failing</c>.</param>
    public record Delivery(string Account, string AccountName, string State, DateTimeOffset? Since, string? Problem);

    /// <param name="Action"><c>removed</c>, <c>allowed</c> or <c>ended</c>.</param>
    public record Event(string Permission, string Action, string Reason, DateOnly? Until, string By, DateTimeOffset At);

    public record Impact(int Staff, int Accounts, IReadOnlyList<AccountImpact> Items, IReadOnlyList<Unanswered> Unanswered);

    public record AccountImpact(string Account, string AccountName, IReadOnlyList<AffectedStaff> Staff);

    public record Unanswered(string Account, string AccountName, string Problem);

    public record Explanation(string InWords, bool Allowed);

    public Task<Answer<Catalogue>> All(CancellationToken cancel) => Get<Catalogue>("api/permissions/catalogue", cancel);

    public Task<Answer<Restrictions>> Of(Guid group, CancellationToken cancel) => Get<Restrictions>($"api/permissions/groups/{group}", cancel);

    public IAsyncEnumerable<Restrictions> Watch(Guid group, CancellationToken cancel) => Again(left => Of(group, left), cancel);

    public Task<Answer<List<Event>>> History(Guid group, CancellationToken cancel) => Get<List<Event>>($"api/permissions/groups/{group}/history", cancel);

    public Task<Answer<Impact>> Preview(Guid group, IEnumerable<string> remove, CancellationToken cancel) =>
        Post<Impact>($"api/permissions/groups/{group}/preview", new { remove }, cancel);

    public Task<Answer<Done>> Change(Guid group, IEnumerable<string> remove, IEnumerable<string> allow, string? reason, DateOnly? until, CancellationToken cancel) =>
        Do(HttpMethod.Post, $"api/permissions/groups/{group}/changes", new { remove, allow, reason, until }, cancel);

    public Task<Answer<Done>> TryNow(string account, CancellationToken cancel) =>
        Do(HttpMethod.Post, $"api/permissions/accounts/{Uri.EscapeDataString(account)}/push", null, cancel);

    public Task<Answer<Explanation>> Explain(string account, string staff, string permission, CancellationToken cancel) =>
        Get<Explanation>("api/permissions/explain" + new QueryBuilder { { "account", account }, { "staff", staff }, { "permission", permission } }, cancel);
}
