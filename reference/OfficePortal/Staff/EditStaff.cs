using Dapper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Staff;

/// <summary>
/// Status, user groups and own permissions of a staff user. A staff user who is made inactive is out at once, open sessions included.
/// </summary>
public static class EditStaff
{
    public static void Map(RouteGroupBuilder staff)
    {
        staff.MapPost("/staff/{email}", Save).Needs("staff.edit");
        staff.MapPost("/staff/{email}/unlock", Unlock).Needs("staff.edit");
    }

    static async Task<Results<RedirectHttpResult, RazorComponentResult<StaffProfile>, NotFound>> Save(
        string email, IFormCollection form, Account account, Session session,
        NpgsqlDataSource db, AuditWriter audit, EndSessions sessions, TimeProvider clock)
    {
        email = email.ToLowerInvariant();
        var wanted = new Wanted(form["active"] == "true", [.. form["group"].OfType<string>()],
            [.. form["permission"].OfType<string>().Where(PermissionCatalogue.ById.ContainsKey)]);
        await using var connection = await db.OpenConnectionAsync();
        await using var all = await connection.BeginTransactionAsync();
        // The account's full-permission staff are locked, so that two of them who make each other inactive do not both succeed.
        var full = (await connection.QueryAsync<string>(
            "select email from staff where account = @Code and full_permissions and active and password_hash is not null order by email "
            + "for update", new { account.Code })).AsList();
        var before = await connection.QuerySingleOrDefaultAsync<Row>("""
            select active, full_permissions,
              array(select user_group from staff_user_group mine where mine.account = staff.account and mine.staff = staff.email) as groups,
              array(select permission from staff_permission own where own.account = staff.account and own.staff = staff.email) as own
            from staff where account = @Code and email = @email for update
            """, new { account.Code, email });
        if (before is null)
            return TypedResults.NotFound();
        if (await Refused(email, before, wanted, full, session, connection, account) is { } problem)
            return (await ShowStaff.Page(email, problem, account, db, clock))!;

        await connection.ExecuteAsync("""
            update staff set active = @Active where account = @Code and email = @email;
            delete from staff_user_group where account = @Code and staff = @email and user_group <> all(@Groups);
            insert into staff_user_group (account, staff, user_group) select account, @email, name from user_group
              where account = @Code and name = any(@Groups) on conflict do nothing;
            delete from staff_permission where account = @Code and staff = @email and permission <> all(@Own);
            insert into staff_permission (account, staff, permission) select @Code, @email, unnest(@Own) on conflict do nothing
            """, new { account.Code, email, wanted.Active, wanted.Groups, wanted.Own });
        if (Changes(before, wanted) is { Length: > 0 } changes)
            await audit.Write(connection, account, session, "Changed staff user", $"Staff user {email}: {string.Join(", ", changes)}");
        await all.CommitAsync();
        if (!wanted.Active)
            await sessions.Dead();
        return TypedResults.Redirect($"/{account.Code}/staff/{Uri.EscapeDataString(email)}");
    }

    /// <returns>The reason for a refusal, in words. Nobody grants what they do not have, or shuts the last owner out.</returns>
    static async Task<string?> Refused(
        string email, Row before, Wanted wanted, List<string> full, Session session, NpgsqlConnection connection, Account account)
    {
        if (before.FullPermissions && !session.Rights.Full)
            return "Only somebody with full permissions can change a staff user who has them.";
        if (before.Active && !wanted.Active && email == session.Staff)
            return "You cannot set yourself inactive.";
        if (before.Active && !wanted.Active && full is [var last] && last == email)
            return "This is the last staff user with full permissions who can sign in here. Somebody must be left who can change this "
                + "again.";
        var added = await connection.QueryAsync<string>(
            "select unnest(permissions) from user_group where account = @Code and name = any(@groups)", new
                { account.Code, groups = wanted.Groups.Except(before.Groups).ToArray() });
        return added.Concat(wanted.Own.Except(before.Own)).FirstOrDefault(permission => !session.Rights.Grants(permission)) is { } beyond
            ? $"You can grant only what you have yourself, and you do not have \"{PermissionCatalogue.ById[beyond].Name}\"." : null;
    }

    static string[] Changes(Row before, Wanted wanted) =>
    [
        .. before.Active == wanted.Active ? Array.Empty<string>() : [wanted.Active ? "set active" : "set inactive"],
        .. wanted.Groups.Except(before.Groups).Select(group => $"user group {group} added"),
        .. before.Groups.Except(wanted.Groups).Select(group => $"user group {group} taken away"),
        .. wanted.Own.Except(before.Own).Select(permission => $"permission {PermissionCatalogue.ById[permission].Name} added"),
        .. before.Own.Except(wanted.Own)
        .Select(permission => $"permission {PermissionCatalogue.ById.GetValueOrDefault(permission)?.Name ?? permission} taken away")
    ];

    // Locked by the account or by failed passwords, it is free again; a second click finds nothing to unlock.
    // The form is bound only for its anti-forgery token.
    static async Task<RedirectHttpResult> Unlock(
        string email, IFormCollection form, Account account, Session session, NpgsqlDataSource db, AuditWriter audit)
    {
        await using var connection = await db.OpenConnectionAsync();
        await using var both = await connection.BeginTransactionAsync();
        email = email.ToLowerInvariant();
        var unlocked = await connection.ExecuteAsync(
            "update staff set locked_until = null where account = @Code and email = @email and locked_until is not null",
            new { account.Code, email });
        if (unlocked + await SignInAttempts.Forget(connection, account, email) > 0)
            await audit.Write(connection, account, session, "Unlocked staff user", $"Staff user {email}");
        await both.CommitAsync();
        return TypedResults.Redirect($"/{account.Code}/staff/{Uri.EscapeDataString(email)}");
    }

    sealed record Wanted(bool Active, string[] Groups, string[] Own);

    [method: ExplicitConstructor]
    sealed record Row(bool Active, bool FullPermissions, string[] Groups, string[] Own);
}
