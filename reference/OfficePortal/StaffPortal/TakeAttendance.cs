using System.Globalization;
using Dapper;
using EnterprisePortal.OfficePortal.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.Layout;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.StaffPortal;

/// <summary>Records attendance: every student of the roll is present or absent, and saving again corrects it.</summary>
public static class TakeAttendance
{
    public static void Map(RouteGroupBuilder staffPortal) =>
        staffPortal.MapPost("/classes/{id:long}/attendance", Handle).Needs("classes.view").Needs("classes.attendance");

    static async Task<Results<RedirectHttpResult, NotFound, RazorComponentResult>> Handle(
        long id,
        IFormCollection form,
        Account account,
        Session session,
        NpgsqlDataSource db,
        AuditWriter audit,
        TimeProvider clock)
    {
        if (!DateOnly.TryParseExact(form["day"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            || day > account.Today(clock))
            return ProblemPage.Of(StatusCodes.Status422UnprocessableEntity, "Attendance was not saved",
                "It can be taken for today and for days that have been, not for days to come.");
        var present = form["present"]
            .Select(one => long.TryParse(one, CultureInfo.InvariantCulture, out var enrollment) ? enrollment : 0).ToArray();
        await using var connection = await db.OpenConnectionAsync();
        await using var both = await connection.BeginTransactionAsync();
        var name = await connection.ExecuteScalarAsync<string?>(
            "select name from class where account = @Code and id = @id and weekday = @weekday",
            new { account.Code, id, weekday = (int)day.DayOfWeek });
        if (name is null)
            return TypedResults.NotFound();
        var marked = (await connection.QueryAsync<bool>("""
            insert into attendance (account, enrollment, date, present, marked_at, marked_by)
            select account, id, @day, id = any(@present), @now, @Staff from enrollment
            where account = @Code and class = @id and type <> 'wait' and start_date <= @day and coalesce(drop_date, 'infinity') >= @day
            on conflict (account, enrollment, date) do update set present = excluded.present, marked_at = excluded.marked_at,
              marked_by = excluded.marked_by
            returning present
            """, new { account.Code, id, day, present, session.Staff, now = clock.GetUtcNow() })).AsList();
        await audit.Write(connection, account, session, "Took attendance",
            $"{name} on {day:yyyy-MM-dd}: {marked.Count(there => there)} of {marked.Count} present");
        await both.CommitAsync();
        return TypedResults.Redirect(
            $"/{account.Code}/staff-portal?day={day:yyyy-MM-dd}&everybody={(form["everybody"] == "true" ? "true" : "false")}#class-{id}");
    }
}
