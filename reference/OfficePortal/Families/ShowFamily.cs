using Dapper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.Ledger;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Families;

/// <summary>
/// One family with its students, classes and ledger, and the forms to change them. Every view of it is logged in the Audit Log.
/// </summary>
public static class ShowFamily
{
    public static void Map(RouteGroupBuilder staff) => staff.MapGet("/families/{id:long}", Handle).Needs("families.view");

    static async Task<Results<RazorComponentResult<FamilyPage>, NotFound>> Handle(long id,
        Account account, Session session, NpgsqlDataSource db, AuditWriter audit, TimeProvider clock, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        var name = await connection.ExecuteScalarAsync<string?>(
            "select name from family where account = @Code and id = @id and erased_at is null", new { account.Code, id });
        if (name is null)
            return TypedResults.NotFound();
        var family = await Family(connection, account, id, account.Today(clock), cancel);
        var students = Permissions.Allows(session, "students.view")
            ? (await connection.QueryAsync<Enrolled>("""
                select student.id as student, student.first_name || ' ' || student.last_name as name, class.name as class,
                  program.name as program, level.name as level,
                  enrollment.id as enrollment, enrollment.type, enrollment.start_date, enrollment.drop_date
                from student left join enrollment on enrollment.account = student.account and enrollment.student = student.id
                left join class on class.account = enrollment.account and class.id = enrollment.class
                left join program on program.account = class.account and program.id = class.program
                left join level on level.account = class.account and level.id = class.level
                where student.account = @Code and student.family = @id order by student.id, enrollment.start_date desc
                """, new { account.Code, id })).AsList()
            : null;
        var classes = Permissions.Allows(session, "students.enroll") && students is { Count: > 0 }
            ? (await connection.QueryAsync<ReadLedger.Named>(
                "select id, name || ', ' || location as name from class where account = @Code order by name", new { account.Code }))
                    .AsList() : [];
        var ledger = Permissions.Allows(session, "ledger.view") ? await ReadLedger.Of(connection, account, id) : null;
        await audit.Write(connection, account, session, "Viewed family", $"Family {id} {name}");
        return new RazorComponentResult<FamilyPage>(
            new
            {
                Name = name, Id = id, Family = family, Students = students, Classes = classes, Ledger = ledger,
                Today = account.Today(clock)
            });
    }

    static async Task<AccountFamily> Family(NpgsqlConnection connection, Account account, long id, DateOnly today, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(PortalFamily.Select + " where f.account = @account and f.id = @id", connection)
        {
            Parameters = { new("account", account.Code), new("id", id), new("today", today) }
        };
        await using var row = await command.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        return PortalFamily.Read(row);
    }

    [method: ExplicitConstructor]
    public sealed record Enrolled(long Student, string Name, string? Class, string? Program, string? Level, long? Enrollment, string? Type,
        DateOnly? StartDate, DateOnly? DropDate);
}
