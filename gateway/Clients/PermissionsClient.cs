using EnterprisePortal.Contracts.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace EnterprisePortal.Gateway.Clients;

public sealed class PermissionsClient(HttpClient http) : ServiceClient(http, "Permissions")
{
    public Task<Answer<Catalogue>> All(CancellationToken cancel) => Get<Catalogue>("api/permissions/catalogue", cancel);

    public Task<Answer<GroupRestrictions>> Of(Guid group, CancellationToken cancel) =>
        Get<GroupRestrictions>($"api/permissions/groups/{group}", cancel);

    public IAsyncEnumerable<GroupRestrictions> Watch(Guid group, CancellationToken cancel) => Poll(left => Of(group, left), cancel);

    public Task<Answer<List<RestrictionEvent>>> History(Guid group, CancellationToken cancel) =>
        Get<List<RestrictionEvent>>($"api/permissions/groups/{group}/history", cancel);

    public Task<Answer<RemovalImpact>> Preview(Guid group, IReadOnlyList<string> remove, CancellationToken cancel) =>
        Post<RemovalImpact>($"api/permissions/groups/{group}/preview", new RemovalPreview(remove), cancel);

    public Task<Answer<Done>> Change(Guid group, RestrictionChanges changes, CancellationToken cancel) =>
        Do(HttpMethod.Post, $"api/permissions/groups/{group}/changes", changes, cancel);

    public Task<Answer<Done>> TryNow(string account, CancellationToken cancel) =>
        Do(HttpMethod.Post, $"api/permissions/accounts/{Uri.EscapeDataString(account)}/push", null, cancel);

    public Task<Answer<PermissionExplanation>> Explain(string account, string staff, string permission, CancellationToken cancel) =>
        Get<PermissionExplanation>("api/permissions/explain" + new QueryBuilder
        {
            { "account", account }, { "staff", staff }, { "permission", permission }
        }, cancel);
}
