using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.Families;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Mvc;
using static EnterprisePortal.OfficePortal.Families.ChangeFamily;

namespace EnterprisePortal.OfficePortal.Enrollment;

public static class EnrollStudent
{
    public static void Map(RouteGroupBuilder staff) => staff.MapPost("/families/{id:long}/enrollments", Handle).Needs("students.enroll");

    static Task<IResult> Handle(long id, [FromForm] long student, [FromForm(Name = "class")] long @class, [FromForm] string? type,
        [FromForm] string? start,
        Account account, Session session, ChangeFamily change) =>
        change.Run(account, session, id, async (connection, _, now) =>
        {
            if (Day(start) is not { } from || type is not ("active" or "trial" or "make-up" or "single-day" or "wait"))
                return Outcome.Not("An enrollment needs a type and the day it starts.");
            if (await connection.ExecuteScalarAsync<string?>("""
                select c.name from enrollment e join class c on c.account = e.account and c.id = e.class
                where e.account = @Code and e.student = @student and e.class = @class and e.type = @type
                  and (e.drop_date is null or e.drop_date >= @from)
                """, new { account.Code, student, @class, type, from }) is { } already)
                return Outcome.Not($"This student is in {already} already.");
            // A trial and a single day end on their own day.
            var name = await connection.ExecuteScalarAsync<string?>("""
                insert into enrollment (account, student, class, type, source, created_at, created_by, start_date, drop_date, drop_reason)
                select @Code, s.id, c.id, @type, 'office', @now, @Staff, @from, case when @type in ('trial', 'single-day') then @from end,
                  case @type when 'trial' then 'Trial finished' when 'single-day' then 'Single day' end
                from student s, class c where s.account = @Code and s.family = @id and s.id = @student and c.account = @Code
                  and c.id = @class
                returning (select s.first_name || ' ' || s.last_name || ' in ' || c.name from student s, class c
                  where s.account = @Code and s.id = @student and c.account = @Code and c.id = @class)
                """, new { account.Code, id, student, @class, type, from, now, session.Staff });
            return name is null ? Outcome.Not("There is no such student or class here.") : Outcome.Of("Enrolled student", name);
        });
}
