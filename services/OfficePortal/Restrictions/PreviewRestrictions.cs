using Dapper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.SignIn;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Restrictions;

/// <summary><c>POST restrictions/preview</c>: which active staff users would lose something they can do today. Nothing changes.</summary>
public static class PreviewRestrictions
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/restrictions/preview", Handle).WithName(nameof(PreviewRestrictions)).OpensWith(AccountScopes.Restrictions);

    static async Task<RestrictionImpact> Handle(RestrictionPreview preview, Account account, NpgsqlDataSource db, CancellationToken cancel)
    {
        var removable = preview.Permissions.Where(PermissionCatalogue.IsRemovable).Distinct().ToList();
        await using var connection = await db.OpenConnectionAsync(cancel);
        var staff = await connection.QueryAsync<Row>(
            $"select email, name, {Rights.Columns} from staff, (select null::text as level) as direct where account = @Code and active order by name, email", new { account.Code });
        return new([.. from one in staff
                       let rights = Rights.Of(one.Full, one.Granted, one.Removed)
                       let loses = removable.Where(rights.Allows).ToList()
                       where loses.Count > 0
                       select new AffectedStaff(one.Email, one.Name, loses)]);
    }

    [method: ExplicitConstructor]
    sealed record Row(string Email, string Name, bool Full, string[] Granted, string[] Removed);
}
