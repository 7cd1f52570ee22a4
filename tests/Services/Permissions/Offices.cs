using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Permissions;

/// <summary>The accounts' side of restrictions, as small as the contract: each keeps the highest version it was given.</summary>
public sealed class Offices
{
    public ConcurrentDictionary<string, RestrictionSet> Sets { get; } = new();
    public ConcurrentBag<string> Puts { get; } = [];
    public ConcurrentDictionary<string, bool> Stopped { get; } = new();

    public Offices(Outbound outbound) => outbound.Answer("office.example", async (request, cancel) =>
    {
        var path = request.RequestUri!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var account = path[0];
        if (Stopped.ContainsKey(account))
            throw new HttpRequestException("connection refused");
        switch (request.Method.Method, string.Join('/', path[4..]))
        {
            case ("PUT", "restrictions"):
                var set = (await request.Content!.ReadFromJsonAsync<RestrictionSet>(cancel))!;
                Puts.Add(account);
                Sets.AddOrUpdate(account, set, (_, known) => known.Version >= set.Version ? known : set);
                return new(HttpStatusCode.NoContent);
            case ("POST", "restrictions/preview"):
                var asked = (await request.Content!.ReadFromJsonAsync<RestrictionPreview>(cancel))!;
                return Json(new RestrictionImpact([Loses("frontdesk@example.com", true),
                    Loses("Portal-Admin@bluedolphin.example", false), Loses("portal-user@bluedolphin.example", false)]));
                AffectedStaff Loses(string email, bool direct) => new(email, email, asked.Permissions, direct);
            case ("GET", var staff) when staff.StartsWith("staff/frontdesk%40example.com/", StringComparison.Ordinal):
                return Json(new LocalPermission(["user group Front Desk"], false));
            default:
                return new(HttpStatusCode.NotFound);
        }
    });

    public bool Removes(string account, string permission) =>
        Sets.TryGetValue(account, out var set) && set.Restrictions.Any(restriction => restriction.Permission == permission);

    static HttpResponseMessage Json<T>(T body) => new(HttpStatusCode.OK) { Content = JsonContent.Create(body) };
}
