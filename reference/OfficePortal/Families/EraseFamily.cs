using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.BackgroundTasks;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Families;

/// <summary>
/// Permanently removes a family's personal data: guardians, e-mails and phones are deleted, students lose their names, the ledger's amounts
/// stay. The change feed tells the portal, which forgets the family too.
/// </summary>
public static class EraseFamily
{
    public static void Map(RouteGroupBuilder staff)
    {
        staff.MapGet("/families/{id:long}/erase", Ask).Needs("families.erase");
        staff.MapPost("/families/{id:long}/erase", Handle).Needs("families.erase");
    }

    static async Task<Results<RazorComponentResult<EraseFamilyPage>, NotFound>> Ask(long id, Account account, NpgsqlDataSource db)
    {
        await using var connection = await db.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<string?>(
            "select name from family where account = @Code and id = @id and erased_at is null", new { account.Code, id }) is { } name
            ? new RazorComponentResult<EraseFamilyPage>(new { Id = id, Name = name }) : TypedResults.NotFound();
    }

    // The form is bound only for its anti-forgery token.
    static async Task<Results<RedirectHttpResult, NotFound>> Handle(long id, IFormCollection form, Account account, Session session,
        NpgsqlDataSource db, AuditWriter audit, TaskFile reports, TimeProvider clock)
    {
        await using var connection = await db.OpenConnectionAsync();
        await using var all = await connection.BeginTransactionAsync();
        var erased = await connection.ExecuteAsync(
            "update family set erased_at = @now, name = 'Erased family ' || id where account = @Code and id = @id and erased_at is null",
            new { account.Code, id, now = clock.GetUtcNow() });
        if (erased == 0)
            return TypedResults.NotFound();
        await connection.ExecuteAsync("""
            delete from guardian where account = @Code and family = @id;
            delete from email where account = @Code and family = @id;
            delete from phone where account = @Code and family = @id;
            update enrollment set drop_notes = null from student
            where student.account = @Code and student.family = @id and enrollment.account = student.account
              and enrollment.student = student.id and drop_notes is not null;
            update student set first_name = 'Erased', last_name = '', birth_date = null where account = @Code and family = @id
            """, new { account.Code, id });
        await reports.Blank(connection, account, id, CancellationToken.None);
        // The log records the erasure, without the name.
        await audit.Write(connection, account, session, "Erased family", $"Family {id}");
        await all.CommitAsync();
        return TypedResults.Redirect($"/{account.Code}/families");
    }
}
