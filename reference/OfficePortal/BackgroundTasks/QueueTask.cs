using System.Text.Json;
using Dapper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.Reports;
using EnterprisePortal.OfficePortal.SignIn;
using EnterprisePortal.ServiceDefaults.Observability;
using Npgsql;

namespace EnterprisePortal.OfficePortal.BackgroundTasks;

/// <summary>Queues a report. The row is the order: any worker that finds it generates the report, even after a restart.</summary>
public sealed class QueueTask(GenerateReports worker, AuditWriter audit, TimeProvider clock)
{
    /// <param name="run">The portal's run. A second call for the same run returns its existing task; a task that failed or was canceled
    /// starts again.</param>
    public async Task<Guid> Start(NpgsqlConnection connection, Account account, Session session, Report report, ReportParameters asked,
        Guid? run = null, IReadOnlyList<Guid>? groupsAbove = null)
    {
        await using var both = await connection.BeginTransactionAsync();
        var now = clock.GetUtcNow();
        var started = await connection.ExecuteScalarAsync<Guid?>("""
            insert into background_task as task (account, id, report, parameters, state, staff, person_id, person_name, level, group_id,
              groups_above, run_id, created_at, trace_parent)
            values (@Code, @id, @Report, @asked::jsonb, 'queued', @Staff, @Person, @Name, @Level, @Group, @above, @run, @now, @cause)
            on conflict (account, run_id) do update set state = 'queued', staff = excluded.staff, level = excluded.level,
              group_id = excluded.group_id, groups_above = excluded.groups_above,
              problem = null, progress = 0, created_at = excluded.created_at, trace_parent = excluded.trace_parent, started_at = null,
                finished_at = null
            where task.state in ('failed', 'cancelled')
            returning id
            """, new
        {
            account.Code, id = Guid.CreateVersion7(now), Report = report.Code,
            asked = JsonSerializer.Serialize(asked, JsonSerializerOptions.Web), session.Staff, Person = session.Person?.Id,
            session.Person?.Name, session.Person?.Level, Group = session.Person?.GroupId, above = (groupsAbove ?? []).ToArray(), run, now,
            cause = TracedWork.Cause
        });
        if (started is null)
            return await connection.ExecuteScalarAsync<Guid>("select id from background_task where account = @Code and run_id = @run", new
                { account.Code, run });
        await audit.Write(connection, account, session, "Generated report",
            $"{new ReportQuery(report, asked, account, clock).Name}{(run is null ? "" : ", for all accounts")}");
        await both.CommitAsync();
        worker.Wake();
        return started.Value;
    }
}
