using Dapper;
using EnterprisePortal.Contracts;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.ServiceDefaults.Background;
using Npgsql;

namespace EnterprisePortal.OfficePortal.SignIn;

/// <summary>Ends sessions from outside their browser. Each ended session is a row of the Audit Log, written by the same
/// statement.</summary>
public sealed class EndSessions(NpgsqlDataSource db, TimeProvider clock)
{
    const string AndTell = """
        insert into audit_entry (account, at, member, username, source, action, affected_records, person_id)
        select ended.account, @now, coalesce(person_name, staff.name), ended.staff, case when person_id is null then @OfficePortal
          else @EnterprisePortal end,
          'Session ended', ended.end_reason, person_id
        from ended join staff on staff.account = ended.account and staff.email = ended.staff
        """;

    /// <param name="jti">Id of the logout token; one already seen ends nothing.</param>
    /// <param name="sid">One portal session, or null for all of <paramref name="person"/>.</param>
    public Task OfPortal(Account account, string jti, string? sid, Guid? person) => Run($"""
        with seen as (insert into logout_token (account, jti, at) values (@Code, @jti, @now) on conflict do nothing returning jti),
        ended as (
          update session set ended_at = @now, end_reason = 'The Enterprise Portal ended the session'
          where exists (select from seen) and account = @Code and ended_at is null and person_id is not null
            and (@sid is null or portal_session = @sid) and (@sid is not null or person_id = @person)
          returning *)
        {AndTell}
        """, new { account.Code, jti, sid, person, now = clock.GetUtcNow(), AuditWriter.OfficePortal, AuditWriter.EnterprisePortal });

    /// <summary>In the caller's transaction.</summary>
    public Task AllOfPortal(NpgsqlConnection connection, Account account, string reason) => connection.ExecuteAsync($"""
        with ended as (update session set ended_at = @now, end_reason = @reason
          where account = @Code and ended_at is null and person_id is not null returning *)
        {AndTell}
        """, new { account.Code, reason, now = clock.GetUtcNow(), AuditWriter.OfficePortal, AuditWriter.EnterprisePortal });

    /// <summary>
    /// Ends sessions that <see cref="Sessions.Alive"/> no longer counts: too old, or of a staff user who may no longer be here.
    /// </summary>
    public Task Dead() => Run($"""
        with ended as (
          update session set ended_at = @now, end_reason = case when session.started_at <= @oldest then 'Twelve hours are over'
            else 'The staff user may no longer be used' end
          from staff where staff.account = session.account and staff.email = session.staff and session.ended_at is null
            and not ({Sessions.Alive})
          returning session.*)
        {AndTell}
        """, new
    {
        now = clock.GetUtcNow(), oldest = clock.GetUtcNow() - PortalSessions.Life,
        AuditWriter.OfficePortal, AuditWriter.EnterprisePortal
    });

    async Task Run(string sql, object parameters)
    {
        await using var connection = await db.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }
}

/// <summary>Once a minute. Nobody depends on it: a dead session is refused at its next request in any case.</summary>
sealed class EndDeadSessions(EndSessions sessions, SignInAttempts attempts, NpgsqlDataSource db, TimeProvider clock,
    ILogger<EndDeadSessions> log) : BackgroundLoop(TimeSpan.FromMinutes(1), clock, log)
{
    protected override async Task Round(CancellationToken stop)
    {
        await sessions.Dead();
        await attempts.ForgetOld();
        await using var old = db.CreateCommand("delete from logout_token where at < $1");
        old.Parameters.AddWithValue(Clock.GetUtcNow().AddDays(-1));
        await old.ExecuteNonQueryAsync(stop);
    }
}
