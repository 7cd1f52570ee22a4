using Dapper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Restrictions;

/// <summary>
/// <c>GET staff/{email}/permissions/{permission}</c>: the source of the local grant, and whether the enterprise removes it.
/// </summary>
public static class ExplainPermission
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/staff/{email}/permissions/{permission}", Handle).WithName(nameof(ExplainPermission)).OpensWith(AccountScopes.Staff);

    static async Task<Results<Ok<LocalPermission>, NotFound>> Handle(string email, string permission,
        Account account, NpgsqlDataSource db, TimeProvider clock, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        var grants = await LocalGrants.Of(connection, account, email);
        if (grants is null || !PermissionCatalogue.ById.ContainsKey(permission))
            return TypedResults.NotFound();
        var (set, today) = (await ApplyRestrictions.Now(account, db), account.Today(clock));
        var removed = set.Restrictions.Any(restriction => restriction.Permission == permission && restriction.Holds(today));
        return TypedResults.Ok(new LocalPermission([.. grants[permission]], removed && PermissionCatalogue.IsRemovable(permission)));
    }
}

/// <summary>
/// Every permission a staff user has locally, with its sources: <c>user group Front Desk</c>, <c>own permission</c>, <c>full
/// permissions</c>.
/// </summary>
public static class LocalGrants
{
    /// <returns>null if there is no such staff user.</returns>
    public static async Task<ILookup<string, string>?> Of(NpgsqlConnection connection, Account account, string email)
    {
        var staff = new { account.Code, email };
        if (await connection.ExecuteScalarAsync<bool?>(
            "select full_permissions from staff where account = @Code and email = lower(@email)", staff) is not { } full)
            return null;
        var grants = await connection.QueryAsync<Grant>(
            "select permission, granted_by from staff_grant where account = @Code and staff = lower(@email) order by granted_by desc",
            staff);
        return PermissionCatalogue.ById.Keys.Where(_ => full).Select(permission => new Grant(permission, "full permissions")).Concat(grants)
            .ToLookup(grant => grant.Permission, grant => grant.GrantedBy);
    }

    sealed record Grant(string Permission, string GrantedBy);
}
