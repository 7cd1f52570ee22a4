using EnterprisePortal.OfficePortal.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.Layout;
using EnterprisePortal.OfficePortal.Restrictions;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.SignIn;

/// <summary>A permission that a route needs. Checked after the group's guard and before anything else of the request is read.</summary>
public sealed record Need(string Permission);

public static class NeededPermissions
{
    /// <summary>For a page, an action, or a group of them; several add up.</summary>
    public static T Needs<T>(this T route, string permission) where T : IEndpointConventionBuilder =>
        route.WithMetadata(new Need(permission));

    /// <returns>The denied page, or null to let the request in.</returns>
    public static async ValueTask<IResult?> Missing(HttpContext http, Visit visit)
    {
        foreach (var need in http.GetEndpoint()?.Metadata.GetOrderedMetadata<Need>() ?? [])
            if (visit.Session is not { } session || !session.Rights.Allows(need.Permission))
                return await Denied(http, need.Permission);
        return null;
    }

    /// <summary>
    /// Names the missing permission in the words of the permission screen, and says whether the owner or the enterprise can change that.
    /// </summary>
    public static async Task<RazorComponentResult> Denied(HttpContext http, string permission)
    {
        var (account, rights) = (Visit.Of(http).Account, Visit.Of(http).Session?.Rights ?? Rights.None);
        var removed = rights.Removed.Contains(permission)
            ? (await ApplyRestrictions.Now(account, http.RequestServices.GetRequiredService<NpgsqlDataSource>()))
            .Restrictions.FirstOrDefault(restriction => restriction.Permission == permission) : null;
        var today = account.Today(http.RequestServices.GetRequiredService<TimeProvider>());
        return new RazorComponentResult<DeniedPage>(new
        {
            Missing = Contracts.AccountApi.PermissionCatalogue.ById[permission],
            Granted = rights.Grants(permission),
            RemovedBy = removed?.Groups.Where(group => group.Holds(today)).ToList()
        })
        {
            StatusCode = StatusCodes.Status403Forbidden
        };
    }
}
