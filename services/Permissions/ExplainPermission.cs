using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Permissions;

/// <summary>
/// Why a staff user can or cannot do something: the local grant according to the account right now, each group's removal, the result.
/// </summary>
public static class ExplainPermission
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    public static void Map(RouteGroupBuilder permissions) => permissions.MapGet("/explain", Handle).WithName(nameof(ExplainPermission));

    static async Task<Results<Ok<PermissionExplanation>, NotFound, ProblemHttpResult>> Handle(
        string account,
        string staff,
        string permission,
        DirectoryReplica directory,
        AccountApiClient accounts,
        EffectiveSets sets,
        Person person,
        CancellationToken cancel)
    {
        var reach = directory.ReachOf(person);
        if (reach.Accounts.GetValueOrDefault(account) is not { } found
            || PermissionCatalogue.ById.GetValueOrDefault(permission) is not { } known)
            return TypedResults.NotFound();
        try
        {
            var asked = $"staff/{Uri.EscapeDataString(staff)}/permissions/{permission}";
            if (await accounts.Get<LocalPermission>(found, asked, Deadline, cancel) is not { } local)
                return TypedResults.NotFound();
            var removedBy = (await sets.Of(reach.Enterprise!, found, cancel))
                .FirstOrDefault(restriction => restriction.Permission == permission)?.Groups ?? [];
            return TypedResults.Ok(new PermissionExplanation(account, staff, permission, local.GrantedBy, removedBy,
                local.GrantedBy.Count > 0 && removedBy.Count == 0, InWords(known.Name, local, removedBy)));
        }
        catch (AccountUnavailable)
        {
            return TypedResults.Problem("The account did not answer, so its local permissions are not known right now.",
                statusCode: StatusCodes.Status504GatewayTimeout, type: "urn:portal:account-unavailable");
        }
    }

    static string InWords(string permission, LocalPermission local, IReadOnlyList<RestrictingGroup> removedBy) =>
        (local.GrantedBy.Count, removedBy.Count) switch
        {
            (0, 0) => $"{permission} is not granted in the account.",
            (0, _) => $"{permission} is not granted in the account, and {removedBy[0].Name} removes it besides.",
            (_, 0) => $"{permission} is granted by {string.Join(" and ", local.GrantedBy)}.",
            _ => $"{permission} is granted by {string.Join(" and ", local.GrantedBy)}, "
                + $"but removed by {string.Join(" and ", removedBy.Select(group => group.Name))}: {removedBy[0].Reason}"
        };
}
