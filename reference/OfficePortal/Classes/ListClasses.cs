using Dapper;
using EnterprisePortal.OfficePortal.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Classes;

/// <summary>Every class of the week; an expanded class shows today's roll.</summary>
public static class ListClasses
{
    public static void Map(RouteGroupBuilder staff) => staff.MapGet("/classes", Handle).Needs("classes.view");

    static async Task<RazorComponentResult<ClassesPage>> Handle(
        long? id, Account account, Session session, NpgsqlDataSource db, AuditWriter audit, TimeProvider clock)
    {
        await using var connection = await db.OpenConnectionAsync();
        var (code, today) = (account.Code, account.Today(clock));
        var classes = (await connection.QueryAsync<ClassRow>("""
            select class.id, class.name, program.name as program, level.name as level, weekday, to_char(starts, 'FMHH12:MI AM') as starts,
              minutes, instructor, location,
              (select count(*) from enrollment where enrollment.account = class.account and enrollment.class = class.id and type = 'active'
                and start_date <= @today and coalesce(drop_date, 'infinity') >= @today)::int as enrolled
            from class join program on program.account = class.account and program.id = class.program
              join level on level.account = class.account and level.id = class.level
            where class.account = @code and (@id::bigint is null or class.id = @id) order by weekday, class.starts, class.name
            """, new { code, today, id })).AsList();
        var roll = id is null ? [] : (await connection.QueryAsync<string>("""
            select student.first_name || ' ' || student.last_name || case when type = 'active' then '' else ' (' || type || ')' end
            from enrollment join student on student.account = enrollment.account and student.id = enrollment.student
            where enrollment.account = @code and class = @id and start_date <= @today and coalesce(drop_date, 'infinity') >= @today
              order by last_name, first_name
            """, new { code, today, id })).AsList();
        await audit.Write(connection, account, session, "Viewed classes", id is null ? $"{classes.Count} classes" : $"Roll of class {id}");
        return new(new { Classes = classes, Roll = id is null ? null : roll });
    }
}

public sealed record ClassRow(long Id, string Name, string Program, string Level, int Weekday, string Starts, int Minutes,
    string? Instructor, string Location, int Enrolled);
