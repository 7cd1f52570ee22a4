using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.Families;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Mvc;
using static EnterprisePortal.OfficePortal.Families.ChangeFamily;

namespace EnterprisePortal.OfficePortal.Enrollment;

/// <summary>Ends an enrollment: the student stays enrolled until 23:59 of the drop date.</summary>
public static class DropStudent
{
    public static readonly IReadOnlyList<string> Reasons =
        ["Moved away", "Schedule conflict", "Cost", "Taking a break", "Medical", "Other activity", "Not satisfied"];

    public static void Map(RouteGroupBuilder staff) =>
        staff.MapPost("/families/{id:long}/enrollments/{enrollment:long}/drop", Handle).Needs("students.drop");

    static Task<IResult> Handle(long id, long enrollment, [FromForm] string? date, [FromForm] string? reason, [FromForm] string? notes,
        Account account, Session session, ChangeFamily change) =>
        change.Run(account, session, id, async (connection, _, now) =>
        {
            if (Day(date) is not { } last || string.IsNullOrWhiteSpace(reason))
                return Outcome.Not("A drop needs the last day and a reason.");
            var dropped = await connection.ExecuteScalarAsync<string?>("""
                update enrollment e set drop_date = @last, drop_reason = @reason, drop_notes = @notes, dropped_at = @now,
                  dropped_by = @Staff
                from student s, class c
                where e.account = @Code and e.id = @enrollment and s.account = e.account and s.id = e.student and s.family = @id
                  and c.account = e.account and c.id = e.class
                  and e.drop_date is null and e.start_date <= @last
                returning s.first_name || ' ' || s.last_name || ' from ' || c.name
                """, new { account.Code, id, enrollment, last, reason = reason.Trim(), notes = notes?.Trim(), now, session.Staff });
            return dropped is null ? Outcome.Not("The enrollment has already ended, or its last day is before its first.")
                : Outcome.Of("Dropped student", $"{dropped}, last day {last:yyyy-MM-dd}, {reason}");
        });
}
