using System.Security.Cryptography;
using Dapper;
using EnterprisePortal.Contracts;
using EnterprisePortal.OfficePortal.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.ServiceDefaults;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;

namespace EnterprisePortal.OfficePortal.SignIn;

/// <summary>
/// Sessions are stored in the database and read at every request: a back-channel logout, making a staff user inactive, or no longer letting
/// the portal enter as one takes effect at once. The cookie, one per account, only names the row.
/// </summary>
public sealed class Sessions(NpgsqlDataSource db, IDataProtectionProvider protection, AuditWriter audit, TimeProvider clock)
{
    /// <summary>The condition for a live session, shared with <see cref="EndSessions"/>.</summary>
    public const string Alive = """
        session.ended_at is null and session.started_at > @oldest and staff.active
        and (session.person_id is null or staff.portal_entry) and (session.level is distinct from 'admin' or staff.full_permissions)
        """;

    public async Task<Session?> Find(HttpContext http, Account account)
    {
        if (!TryRead(http, account, out var id))
            return null;
        await using var connection = await db.OpenConnectionAsync(http.RequestAborted);
        var now = clock.GetUtcNow();
        var row = await connection.QuerySingleOrDefaultAsync<Row>($"""
            with seen as (update session set last_seen_at = @now
              where account = @Code and id = @id and last_seen_at < @now - interval '1 minute')
            select session.staff, staff.name, {Rights.Columns},
              person_id, person_name, person_email, level, group_id, portal_session, enterprise_name
            from session join staff on staff.account = session.account and staff.email = session.staff
            where session.account = @Code and session.id = @id and {Alive}
            """, new { account.Code, id, now, oldest = now - PortalSessions.Life, today = account.Today(clock) });
        return row is null ? null : new(id, row.Staff, row.Name, Rights.Of(row.Full, row.Granted, row.Removed),
            row.PersonId is { } person
                ? new(person, row.PersonName!, row.PersonEmail!, row.Level!, row.GroupId!.Value, row.PortalSession!, row.EnterpriseName)
                : null);
    }

    /// <summary>Starts a session in this browser, which signs out any previous one in this account.</summary>
    /// <param name="accessToken">The person's access token, to start runs in the portal; good for minutes.</param>
    public async Task Start(
        HttpContext http,
        Account account,
        string staff,
        string staffName,
        PortalPerson? person,
        string? accessToken = null)
    {
        await using var connection = await db.OpenConnectionAsync();
        await using var both = await connection.BeginTransactionAsync();
        if (http.Features.Get<Visit>()?.Session is { } before)
            await End(connection, account, before, "Signed in again");
        var session = new Session(Guid.CreateVersion7(), staff, staffName, Rights.None, person);
        await connection.ExecuteAsync("""
            insert into session (account, id, staff, person_id, person_name, person_email, level, group_id, portal_session, enterprise_name,
              access_token, started_at, last_seen_at)
            values (@Code, @session, @staff, @Id, @Name, @Email, @Level, @GroupId, @PortalSession, @Enterprise,
              @token, @now, @now)
            """, new
        {
            account.Code, session = session.Id, staff, person?.Id, person?.Name, person?.Email, person?.Level, person?.GroupId,
            person?.PortalSession, person?.Enterprise, now = clock.GetUtcNow(),
            token = accessToken is null ? null : Tokens(account).Protect(accessToken)
        });
        await audit.Write(connection, account, session, "Signed in", person is null ? $"Staff user {staff}"
            : $"Staff user {staff}, entered as {person.Level} {person.Email}");
        await both.CommitAsync();
        http.Response.Cookies.Append(Cookie(http, account), Protector(account).Protect(session.Id.ToString()), Options(http, account));
    }

    public async Task<string?> AccessToken(Account account, Session session)
    {
        await using var connection = await db.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<string?>("select access_token from session where account = @Code and id = @Id",
            new { account.Code, session.Id }) is { } token
            ? Tokens(account).Unprotect(token) : null;
    }

    public async Task End(HttpContext http, Account account, Session session)
    {
        await using var connection = await db.OpenConnectionAsync();
        await using var both = await connection.BeginTransactionAsync();
        await End(connection, account, session, "Signed out");
        await both.CommitAsync();
        http.Response.Cookies.Delete(Cookie(http, account), Options(http, account));
    }

    async Task End(NpgsqlConnection connection, Account account, Session session, string reason)
    {
        var ended = await connection.ExecuteAsync(
            "update session set ended_at = @now, end_reason = @reason where account = @Code and id = @Id and ended_at is null",
            new { account.Code, session.Id, reason, now = clock.GetUtcNow() });
        if (ended > 0)
            await audit.Write(connection, account, session, "Signed out", $"Staff user {session.Staff}");
    }

    bool TryRead(HttpContext http, Account account, out Guid id)
    {
        id = default;
        try
        {
            return http.Request.Cookies.TryGetValue(Cookie(http, account), out var value)
                && Guid.TryParse(Protector(account).Unprotect(value), out id);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    // Cookies are not separated by port, and by path only as a prefix: the name contains the application and the account.
    static string Cookie(HttpContext http, Account account) => http.CookieName("office." + account.Code, Path(account));

    static string Path(Account account) => "/" + account.Code;

    IDataProtector Protector(Account account) => protection.CreateProtector("session", account.Code);

    IDataProtector Tokens(Account account) => protection.CreateProtector("access token", account.Code);

    static CookieOptions Options(HttpContext http, Account account) =>
        new() { HttpOnly = true, Secure = http.IsCookieSecure(), SameSite = SameSiteMode.Lax, Path = Path(account), IsEssential = true };

    [method: ExplicitConstructor]
    sealed record Row(string Staff, string Name, bool Full, string[] Granted, string[] Removed,
        Guid? PersonId, string? PersonName, string? PersonEmail, string? Level, Guid? GroupId, string? PortalSession,
        string? EnterpriseName);
}
