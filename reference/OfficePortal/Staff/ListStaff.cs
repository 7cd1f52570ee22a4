using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Staff;

public static class ListStaff
{
    public static void Map(RouteGroupBuilder staff) => staff.MapGet("/staff", Handle).Needs("staff.view");

    static async Task<RazorComponentResult<StaffPage>> Handle(
        Account account, Session session, NpgsqlDataSource db, AuditWriter audit, TimeProvider clock, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        var staff = (await connection.QueryAsync<StaffRow>($"""
            select {StaffRow.Columns} from staff where account = @Code order by name
            """, new { account.Code, now = clock.GetUtcNow() })).AsList();
        await audit.Write(connection, account, session, "Viewed staff list", $"{staff.Count} staff users");
        return new(new { Staff = staff });
    }
}

/// <param name="LockedOut">Locked by the account itself: nobody signs in or enters as this staff user.</param>
/// <param name="PasswordLocked">Locked by failed passwords: affects signing in by password only.</param>
public sealed record StaffRow(string Email, string Name,
    bool Active, bool LockedOut, bool PasswordLocked, bool FullPermissions, bool PortalEntry, string Groups)
{
    /// <summary>Columns of table <c>staff</c>, with <c>@now</c>.</summary>
    public const string Columns = $"""
        email, name, active, coalesce(locked_until > @now, false) as locked_out, {SignInAttempts.PasswordLocked} as password_locked,
          full_permissions, portal_entry,
          coalesce((select string_agg(user_group, ', ' order by user_group) from staff_user_group mine
            where mine.account = staff.account and mine.staff = staff.email), '') as groups
        """;

    /// <summary>If the owner allows it. A locked password does not concern the portal.</summary>
    public bool MayBeEnteredAs => Active && !LockedOut;

    public string State => !Active ? "Inactive" : LockedOut ? "Locked out" : PasswordLocked ? "Password locked" : "Active";
}
