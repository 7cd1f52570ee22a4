using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.Layout;
using EnterprisePortal.OfficePortal.SignIn;
using EnterprisePortal.OfficePortal.Staff;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Pairing;

/// <summary>Settings, Enterprise Portal: the owner issues the pairing code and decides as which staff users the portal may enter.</summary>
public static class EnterprisePortalSettings
{
    static readonly TimeSpan CodeLife = TimeSpan.FromDays(7);

    public static void Map(RouteGroupBuilder staff)
    {
        var owner = staff.MapGroup("/settings/enterprise-portal").AddEndpointFilter(OwnerOnly);
        owner.MapGet("", Show);
        owner.MapPost("/code", IssueCode);
        owner.MapPost("/staff", AllowStaff);
    }

    /// <summary>
    /// Owners who have signed in here. A person who came via the portal must not widen the portal's rights, whatever their staff user may
    /// do.
    /// </summary>
    public static bool Opens(Session? session) => session is { Rights.Full: true, Person: null };

    static async ValueTask<object?> OwnerOnly(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        Opens(Visit.Of(context.HttpContext).Session)
            ? await next(context)
            : ProblemPage.Of(StatusCodes.Status403Forbidden, "You may not open this page",
                "Only a staff user with full permissions who has signed in "
                + "to this account directly can change how the Enterprise Portal gets in.");

    static Task<RazorComponentResult<EnterprisePortalPage>> Show(Account account, NpgsqlDataSource db, TimeProvider clock) =>
        Page(account, db, clock, null, null);

    // The form is bound only for its anti-forgery token.
    static async Task<RazorComponentResult<EnterprisePortalPage>> IssueCode(
        Account account,
        Session session,
        IFormCollection form,
        NpgsqlDataSource db,
        AuditWriter audit,
        TimeProvider clock)
    {
        var code = PairingCode.New();
        await using (var connection = await db.OpenConnectionAsync())
        {
            await using var both = await connection.BeginTransactionAsync();
            await connection.ExecuteAsync(
                "update account set pairing_code_hash = @hash, pairing_code_expires_at = @until where code = @Code",
                new { account.Code, hash = PairingCode.Hash(code), until = clock.GetUtcNow() + CodeLife });
            await audit.Write(connection, account, session, "Issued pairing code", "Enterprise Portal");
            await both.CommitAsync();
        }
        return await Page(account, db, clock, code, null);
    }

    static async Task<RazorComponentResult<EnterprisePortalPage>> AllowStaff(IFormCollection form, Account account, Session session,
        NpgsqlDataSource db, AuditWriter audit, EndSessions sessions, TimeProvider clock)
    {
        await using (var connection = await db.OpenConnectionAsync())
        {
            await using var both = await connection.BeginTransactionAsync();
            var changed = (await connection.QueryAsync<Changed>(
                """
                update staff set portal_entry = not portal_entry
                  where account = @Code and portal_entry <> (email = any(@allowed)) returning email, portal_entry
                """,
                new { account.Code, allowed = form["allowed"].ToArray() })).AsList();
            foreach (var one in changed)
                await audit.Write(connection, account, session, one.PortalEntry ? "Allowed entry via the Enterprise Portal"
                    : "Forbade entry via the Enterprise Portal", $"Staff user {one.Email}");
            await both.CommitAsync();
        }
        await sessions.Dead();
        return await Page(account, db, clock, null, "Saved.");
    }

    static async Task<RazorComponentResult<EnterprisePortalPage>> Page(
        Account account, NpgsqlDataSource db, TimeProvider clock, string? code, string? done)
    {
        await using var connection = await db.OpenConnectionAsync();
        var pairing = await connection.QuerySingleAsync<PairingRow>(
            "select paired_at, pairing_code_expires_at from account where code = @Code", new { account.Code });
        var staff = (await connection.QueryAsync<StaffRow>($"""
            select {StaffRow.Columns} from staff where account = @Code order by name
            """, new { account.Code, now = clock.GetUtcNow() })).AsList();
        return new(new { Pairing = pairing, Staff = staff, NewCode = code, Done = done });
    }

    sealed record Changed(string Email, bool PortalEntry);
}

[method: ExplicitConstructor]
public sealed record PairingRow(DateTime? PairedAt, DateTime? PairingCodeExpiresAt);
