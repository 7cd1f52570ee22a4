using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Staff;

/// <summary>A staff user and where each local permission comes from.</summary>
public static class ShowStaff
{
    public static void Map(RouteGroupBuilder staff) => staff.MapGet("/staff/{email}", Handle).Needs("staff.view");

    static async Task<Results<RazorComponentResult<StaffProfile>, NotFound>> Handle(string email, Account account, Session session, NpgsqlDataSource db, AuditWriter audit, TimeProvider clock, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        var staff = await connection.QuerySingleOrDefaultAsync<StaffRow>("""
            select email, name, active, coalesce(locked_until > @now, false) as locked_out, full_permissions, portal_entry,
              coalesce((select string_agg(user_group, ', ' order by user_group) from staff_user_group mine where mine.account = staff.account and mine.staff = staff.email), '') as groups
            from staff where account = @Code and email = lower(@email)
            """, new { account.Code, email, now = clock.GetUtcNow() });
        if (staff is null)
            return TypedResults.NotFound();
        var from = await connection.QueryAsync<Grant>("""
            select unnest(permissions) as permission, name as source from user_group join staff_user_group mine on mine.account = user_group.account and mine.user_group = user_group.name
            where mine.account = @Code and mine.staff = @Email
            union all select permission, 'Own permission' from staff_permission where account = @Code and staff = @Email
            """, new { account.Code, staff.Email });
        await audit.Write(connection, account, session, "Viewed staff user", $"Staff user {staff.Email}");
        return new RazorComponentResult<StaffProfile>(new { Staff = staff, Grants = from.ToLookup(grant => grant.Permission, grant => grant.Source) });
    }

    sealed record Grant(string Permission, string Source);
}
