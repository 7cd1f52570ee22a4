using Dapper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.SignIn;
using EnterprisePortal.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Restrictions;

/// <summary>
/// <c>POST restrictions/preview</c>: the staff users through whom somebody would lose something they can do today. Nothing changes. Nobody
/// uses a staff user without a password as whom the portal may not enter.
/// </summary>
public static class PreviewRestrictions
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/restrictions/preview", Handle).WithName(nameof(PreviewRestrictions)).OpensWith(AccountScopes.Restrictions);

    static async Task<Results<Ok<RestrictionImpact>, ValidationProblem>> Handle(RestrictionPreview preview,
        Account account, NpgsqlDataSource db, TimeProvider clock, CancellationToken cancel)
    {
        if (preview.Permissions is null || preview.Permissions.Contains(null!))
            return Refusal.Invalid("permissions", "Name the permissions that would be removed.");
        var removable = preview.Permissions.Where(PermissionCatalogue.IsRemovable).Distinct().ToList();
        await using var connection = await db.OpenConnectionAsync(cancel);
        var staff = await connection.QueryAsync<Row>($"""
            select email, name, password_hash is not null as direct, {Rights.Columns} from staff, (select null::text as level) as asks
            where account = @Code and active and (password_hash is not null or portal_entry) order by name, email
            """, new { account.Code, today = account.Today(clock) });
        return TypedResults.Ok(new RestrictionImpact([.. from one in staff
                       let rights = Rights.Of(one.Full, one.Granted, one.Removed)
                       let loses = removable.Where(rights.Allows).ToList()
                       where loses.Count > 0
                       select new AffectedStaff(one.Email, one.Name, loses, one.Direct)]));
    }

    [method: ExplicitConstructor]
    sealed record Row(string Email, string Name, bool Direct, bool Full, string[] Granted, string[] Removed);
}
