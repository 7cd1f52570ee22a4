using Dapper;
using EnterprisePortal.OfficePortal.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.StaffPortal;

/// <summary>The Staff Portal's page: an instructor's classes of a day, each with the students expected.</summary>
public static class ShowClasses
{
    public static void Map(RouteGroupBuilder staffPortal) => staffPortal.MapGet("", Handle).Needs("classes.view");

    static async Task<RazorComponentResult<ClassesOfTheDay>> Handle(
        DateOnly? day, bool? everybody, Account account, Session session, NpgsqlDataSource db, AuditWriter audit, TimeProvider clock)
    {
        // A mistyped address is no error, and the adjacent links need a previous and a next day.
        var on = day is { Year: >= 1900 and <= 2200 } asked ? asked : account.Today(clock);
        var instructor = everybody == true ? null : session.Staff;
        await using var connection = await db.OpenConnectionAsync();
        var roll = (await connection.QueryAsync<RollRow>("""
            select class.id as class, class.name, level.name as level, location, to_char(starts, 'FMHH12:MI AM') as starts,
              minutes, instructor,
              enrollment.id as enrollment, student.first_name || ' ' || student.last_name as student, enrollment.type, attendance.present
            from class join level on level.account = class.account and level.id = class.level
            left join enrollment on enrollment.account = class.account and enrollment.class = class.id and enrollment.type <> 'wait'
              and enrollment.start_date <= @on and coalesce(enrollment.drop_date, 'infinity') >= @on
            left join student on student.account = enrollment.account and student.id = enrollment.student
            left join attendance on attendance.account = enrollment.account and attendance.enrollment = enrollment.id
              and attendance.date = @on
            where class.account = @Code and weekday = @weekday and (@instructor::text is null or instructor = @instructor)
            order by class.starts, class.id, student.last_name, student.first_name
            """, new { account.Code, on, weekday = (int)on.DayOfWeek, instructor })).AsList();
        await audit.Write(connection, account, session, "Viewed classes of the day",
            $"{roll.Select(row => row.Class).Distinct().Count()} classes on {on:yyyy-MM-dd}");
        return new(new { Day = on, Today = account.Today(clock), Everybody = instructor is null, Roll = roll });
    }
}

[method: ExplicitConstructor]
public sealed record RollRow(long Class, string Name, string Level, string Location, string Starts, int Minutes, string? Instructor,
    long? Enrollment, string? Student, string? Type, bool? Present);
