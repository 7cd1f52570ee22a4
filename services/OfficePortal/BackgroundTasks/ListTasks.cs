using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.BackgroundTasks;

/// <summary>Reports of the staff user one is signed in as; one of them where its address was opened.</summary>
public static class ListTasks
{
    const int Newest = 100;

    public static void Map(RouteGroupBuilder staff)
    {
        staff.MapGet("/background-tasks", (Account account, Session session, NpgsqlDataSource db, AuditWriter audit) => Handle(null, account, session, db, audit)).Needs("background-tasks.view");
        staff.MapGet("/background-tasks/{id:guid}", (Guid id, Account account, Session session, NpgsqlDataSource db, AuditWriter audit) => Handle(id, account, session, db, audit)).Needs("background-tasks.view");
    }

    static async Task<Results<RazorComponentResult<TasksPage>, NotFound>> Handle(Guid? id, Account account, Session session, NpgsqlDataSource db, AuditWriter audit)
    {
        await using var connection = await db.OpenConnectionAsync();
        var tasks = (await connection.QueryAsync<TaskRow>("""
            select id, report, state, progress, problem, created_at from background_task
            where account = @Code and staff = @Staff and (@id is null or id = @id) order by created_at desc limit @Newest
            """, new { account.Code, session.Staff, id, Newest })).AsList();
        if (id is not null && tasks.Count == 0)
            return TypedResults.NotFound();
        await audit.Write(connection, account, session, "Viewed Background Tasks", id is null ? $"{tasks.Count} tasks" : $"Task {id}");
        return new RazorComponentResult<TasksPage>(new { Tasks = tasks });
    }
}

public sealed record TaskRow(Guid Id, string Report, string State, int Progress, string? Problem, DateTime CreatedAt);
