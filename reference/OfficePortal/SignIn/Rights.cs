using Dapper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using Npgsql;

namespace EnterprisePortal.OfficePortal.SignIn;

/// <summary>
/// What a staff user may do here: their local permissions minus those that the enterprise has removed. Full permissions are a local grant
/// like any other and are restricted as well. The one place where this is decided, for pages, actions and the Account API.
/// </summary>
/// <param name="Full">Every permission, locally.</param>
/// <param name="Removed">Permissions removed by the enterprise; empty for portal Admins.</param>
public sealed record Rights(bool Full, IReadOnlySet<string> Granted, IReadOnlySet<string> Removed)
{
    public static readonly Rights None = new(false, new HashSet<string>(), new HashSet<string>());

    /// <param name="permission">An id of <c>PermissionCatalogue</c>: <c>families.view</c>.</param>
    public bool Allows(string permission) => Grants(permission) && !Removed.Contains(permission);

    /// <summary>Granted locally, whatever the enterprise says.</summary>
    public bool Grants(string permission) => Full || Granted.Contains(permission);

    /// <summary>
    /// Columns <c>full, granted, removed</c> of table <c>staff</c>, with <c>level</c> in scope: <c>admin</c>, <c>user</c>, or null for
    /// direct staff; and <c>@today</c>, the current date in the account: a removal ends with its last day, even while the portal is silent.
    /// Portal Admins are exempt by the level in their id token, never by the staff user they enter as.
    /// </summary>
    public const string Columns = """
        staff.full_permissions as full,
        array(select permission from staff_grant where staff_grant.account = staff.account and staff_grant.staff = staff.email) as granted,
        array(select one->>'permission' from restriction_set, jsonb_array_elements(restrictions) one
              where restriction_set.account = staff.account and level is distinct from 'admin' and coalesce((
                select bool_or(coalesce((removing->>'until')::date >= @today, true))
                from jsonb_array_elements(one->'groups') removing), true)) as removed
        """;

    /// <summary>The enterprise can never lock anybody out: Application Access stays, whatever a set says.</summary>
    public static Rights Of(bool full, string[] granted, string[] removed) =>
        new(full, granted.ToHashSet(), removed.Where(PermissionCatalogue.IsRemovable).ToHashSet());

    /// <summary>The rights of a staff user who is not signed in here: the portal requests a report as that user.</summary>
    /// <param name="level">The portal user's level; null for the staff user themselves.</param>
    /// <returns>null if the staff user does not exist or is inactive.</returns>
    public static async Task<Rights?> Find(NpgsqlConnection connection, Account account, string staff, string? level, DateOnly today)
    {
        var row = await connection.QuerySingleOrDefaultAsync<Row>(
            $"select {Columns} from staff, (select @level::text as level) as asks where account = @Code and email = lower(@staff) "
            + "and active",
            new { account.Code, staff, level, today });
        return row is null ? null : Of(row.Full, row.Granted, row.Removed);
    }

    [method: ExplicitConstructor]
    sealed record Row(bool Full, string[] Granted, string[] Removed);
}

/// <summary>The short way for pages that show more to some staff than to others.</summary>
public static class Permissions
{
    public static bool Allows(Session session, string permission) => session.Rights.Allows(permission);
}
