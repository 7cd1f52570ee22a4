using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.Layout;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Students;

/// <summary>Students by name, each leading to their family.</summary>
public static class ListStudents
{
    public static void Map(RouteGroupBuilder staff) => staff.MapGet("/students", Handle).Needs("students.view");

    static async Task<RazorComponentResult<StudentsPage>> Handle(
        string? name, int? page, Account account, Session session, NpgsqlDataSource db, AuditWriter audit)
    {
        var (number, sought) = (Paging.Number(page), string.IsNullOrWhiteSpace(name) ? null : name.Trim());
        await using var connection = await db.OpenConnectionAsync();
        var students = (await connection.QueryAsync<StudentRow>("""
            select student.id, first_name || ' ' || last_name as name, birth_date, family, family.name as family_name,
              count(*) over ()::int as total
            from student join family on family.account = student.account and family.id = student.family
            where student.account = @Code and erased_at is null
              and (@name::text is null or strpos(lower(first_name || ' ' || last_name), lower(@name)) > 0)
            order by last_name, first_name, student.id limit @Size offset @skip
            """, new { account.Code, name = sought, Paging.Size, skip = Paging.Skip(number) })).AsList();
        await audit.Write(connection, account, session, "Viewed students", $"{students.Count} students");
        return new(new { Name = name, Students = students, Page = number });
    }
}

[method: ExplicitConstructor]
public sealed record StudentRow(long Id, string Name, DateOnly? BirthDate, long Family, string FamilyName, int Total);
