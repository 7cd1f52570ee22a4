using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.Layout;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.BackgroundTasks;

/// <summary>Reports in progress and reports that are ready, from the last 60 days.</summary>
public static class ListTasks
{
    public static void Map(RouteGroupBuilder staff) => staff.MapGet("/background-tasks", Handle).Needs("background-tasks.view");

    static async Task<RazorComponentResult<TasksPage>> Handle(
        int? page, Account account, Session session, NpgsqlDataSource db, AuditWriter audit, CancellationToken cancel)
    {
        var number = Paging.Number(page);
        await using var connection = await db.OpenConnectionAsync(cancel);
        var tasks = await VisibleTasks.Newest(connection, account, session, number);
        await audit.Write(connection, account, session, "Viewed Background Tasks", $"{tasks.Count} tasks");
        return new(new { Tasks = tasks, Page = number });
    }
}
