using System.Globalization;
using Dapper;
using EnterprisePortal.OfficePortal.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Kiosk;

/// <summary>
/// The check-in kiosk: a family types its full phone number and marks who is here for today's classes. The full number, since the kiosk is
/// in a public hall and must not be a way to look families up.
/// </summary>
public static class CheckIn
{
    public static void Map(RouteGroupBuilder signedIn)
    {
        var kiosk = signedIn.MapGroup("/kiosk").Needs("access.check-in-kiosk");
        kiosk.MapGet("", (bool? done) => new RazorComponentResult<KioskPage>(new { Done = done == true }));
        kiosk.MapPost("", Find);
        kiosk.MapPost("/check-in", Handle);
    }

    static async Task<RazorComponentResult<KioskPage>> Find(IFormCollection form, Account account, NpgsqlDataSource db, TimeProvider clock)
    {
        var digits = string.Concat($"{form["phone"]}".Where(char.IsAsciiDigit));
        await using var connection = await db.OpenConnectionAsync();
        var (code, today) = (account.Code, account.Today(clock));
        var lessons = digits.Length < 7 ? [] : (await connection.QueryAsync<Lesson>("""
            select enrollment.id as enrollment, student.first_name as student, class.name as class,
              coalesce(attendance.present, false) as present
            from student join enrollment on enrollment.account = student.account and enrollment.student = student.id
              and enrollment.type <> 'wait'
            join class on class.account = enrollment.account and class.id = enrollment.class and weekday = @weekday
            left join attendance on attendance.account = enrollment.account and attendance.enrollment = enrollment.id
              and attendance.date = @today
            where student.account = @code and start_date <= @today and coalesce(drop_date, 'infinity') >= @today
              and student.family in (select family from phone where phone.account = @code and phone in ('+' || @digits, '+1' || @digits))
            order by class.starts, student.first_name
            """, new { code, digits, today, weekday = (int)today.DayOfWeek })).AsList();
        return new(new { Asked = true, Lessons = lessons });
    }

    static async Task<RedirectHttpResult> Handle(
        IFormCollection form,
        Account account,
        Session session,
        NpgsqlDataSource db,
        AuditWriter audit,
        TimeProvider clock)
    {
        var present = form["present"]
            .Select(one => long.TryParse(one, CultureInfo.InvariantCulture, out var enrollment) ? enrollment : 0).ToArray();
        var today = account.Today(clock);
        await using var connection = await db.OpenConnectionAsync();
        await using var both = await connection.BeginTransactionAsync();
        var marked = await connection.ExecuteAsync("""
            insert into attendance (account, enrollment, date, present, marked_at, marked_by)
            select enrollment.account, enrollment.id, @today, true, @now, 'kiosk' from enrollment
              join class on class.account = enrollment.account and class.id = enrollment.class
            where enrollment.account = @Code and enrollment.id = any(@present) and type <> 'wait' and weekday = @weekday
              and start_date <= @today and coalesce(drop_date, 'infinity') >= @today
            on conflict (account, enrollment, date) do update set present = true
            """, new { account.Code, present, today, weekday = (int)today.DayOfWeek, now = clock.GetUtcNow() });
        if (marked > 0)
            await audit.Write(connection, account, session, "Checked in at the kiosk", $"{marked} students");
        await both.CommitAsync();
        return TypedResults.Redirect($"/{account.Code}/kiosk?done=true");
    }
}

public sealed record Lesson(long Enrollment, string Student, string Class, bool Present);
