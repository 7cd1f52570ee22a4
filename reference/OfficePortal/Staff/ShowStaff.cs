using Dapper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.Restrictions;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Staff;

/// <summary>A staff user and, for each permission, why they have it or not: local grant, the enterprise's removal, result.</summary>
public static class ShowStaff
{
    public static void Map(RouteGroupBuilder staff) => staff.MapGet("/staff/{email}", Handle).Needs("staff.view");

    static async Task<Results<RazorComponentResult<StaffProfile>, NotFound>> Handle(
        string email, Account account, Session session, NpgsqlDataSource db, AuditWriter audit, TimeProvider clock)
    {
        if (await Page(email, null, account, db, clock) is not { } page)
            return TypedResults.NotFound();
        await audit.Write(account, session, "Viewed staff user", $"Staff user {email.ToLowerInvariant()}");
        return page;
    }

    /// <param name="problem">Why nothing was saved.</param>
    internal static async Task<RazorComponentResult<StaffProfile>?> Page(
        string email, string? problem, Account account, NpgsqlDataSource db, TimeProvider clock)
    {
        await using var connection = await db.OpenConnectionAsync();
        var staff = await connection.QuerySingleOrDefaultAsync<StaffRow>($"""
            select {StaffRow.Columns} from staff where account = @Code and email = lower(@email)
            """, new { account.Code, email, now = clock.GetUtcNow() });
        if (staff is null)
            return null;
        var groups = (await connection.QueryAsync<GroupRow>("""
            select name, exists (select from staff_user_group mine
              where mine.account = user_group.account and mine.user_group = user_group.name and mine.staff = @Email) as member
            from user_group where account = @Code order by name
            """, new { account.Code, staff.Email })).AsList();
        var grants = await LocalGrants.Of(connection, account, staff.Email);
        var removed = (await ApplyRestrictions.Now(account, db))
            .Restrictions.Where(restriction => PermissionCatalogue.IsRemovable(restriction.Permission))
            .ToDictionary(restriction => restriction.Permission, restriction => restriction.Groups);
        return new(new
            { Staff = staff, Groups = groups, Grants = grants, Removed = removed, Today = account.Today(clock), Problem = problem })
        {
            StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity
        };
    }
}

public sealed record GroupRow(string Name, bool Member);
