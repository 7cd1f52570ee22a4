using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.BackgroundTasks;

/// <summary>Stops a report that is queued or running. A finished one stays.</summary>
public static class CancelTask
{
    public static void Map(RouteGroupBuilder staff) =>
        staff.MapPost("/background-tasks/{id:guid}/cancel", Handle).Needs("background-tasks.view");

    // The form is bound only for its anti-forgery token.
    static async Task<Results<RedirectHttpResult, NotFound>> Handle(
        Guid id, IFormCollection form, Account account, Session session, NpgsqlDataSource db, AuditWriter audit, TimeProvider clock)
    {
        await using var connection = await db.OpenConnectionAsync();
        if (await VisibleTasks.Find(connection, account, session, id) is not { } task)
            return TypedResults.NotFound();
        await using var both = await connection.BeginTransactionAsync();
        if (await connection.ExecuteAsync("""
            update background_task set state = 'cancelled', problem = @problem, finished_at = @now
              where account = @Code and id = @id and state in ('queued', 'running')
            """, new { account.Code, id, problem = $"Cancelled by {session.Member} in the account.", now = clock.GetUtcNow() }) > 0)
            await audit.Write(connection, account, session, "Cancelled report", $"{task.Report}, asked by {task.By}");
        await both.CommitAsync();
        return TypedResults.Redirect($"/{account.Code}/background-tasks/{id}");
    }
}
