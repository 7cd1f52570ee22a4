using System.Text;
using Dapper;
using EnterprisePortal.OfficePortal.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.Layout;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Communications;

/// <summary>E-mail addresses of families, to view or to export to a mailing program.</summary>
public static class ContactList
{
    public static void Map(RouteGroupBuilder staff)
    {
        staff.MapGet("/contact-list", Show).Needs("communications.contact-list");
        staff.MapGet("/contact-list.csv", Export).Needs("communications.contact-list");
    }

    static async Task<RazorComponentResult<ContactListPage>> Show(
        bool? active,
        string? name,
        int? page,
        Account account,
        Session session,
        NpgsqlDataSource db,
        AuditWriter audit,
        TimeProvider clock)
    {
        var (asked, number) = (new Asked(active == true, name?.Trim()), Paging.Number(page));
        var contacts = await Find(asked, Paging.Skip(number), Paging.Size, account, db, clock);
        await audit.Write(account, session, "Viewed contact list", $"{contacts.Count} addresses");
        return new(new { Contacts = contacts, Asked = asked, Page = number });
    }

    static async Task<FileContentHttpResult> Export(
        bool? active,
        string? name,
        Account account,
        Session session,
        NpgsqlDataSource db,
        AuditWriter audit,
        TimeProvider clock)
    {
        var contacts = await Find(new(active == true, name?.Trim()), 0, null, account, db, clock);
        await audit.Write(account, session, "Exported contact list", $"{contacts.Count} addresses");
        var csv = new StringBuilder("Family,E-mail\r\n");
        foreach (var contact in contacts)
            csv.Append(Field(contact.Name)).Append(',').Append(Field(contact.Email)).Append("\r\n");
        return TypedResults.File(Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes(csv.ToString())).ToArray(),
            "text/csv; charset=utf-8", $"contact-list-{account.Code}.csv");
    }

    /// <param name="Name">Part of a family's name or e-mail.</param>
    public sealed record Asked(bool Active, string? Name);

    static async Task<List<Contact>> Find(Asked asked, int skip, int? most, Account account, NpgsqlDataSource db, TimeProvider clock)
    {
        await using var connection = await db.OpenConnectionAsync();
        return (await connection.QueryAsync<Contact>($"""
            select f.id, f.name, email.email, count(*) over ()::int as total
            from family f join email on email.account = f.account and email.family = f.id
            where f.account = @Code and f.erased_at is null and (not @Active or {PortalFamily.IsActive})
              and (coalesce(@Name, '') = '' or strpos(lower(f.name || ' ' || email.email), lower(@Name)) > 0)
            order by lower(f.name), f.id, email.email limit @most offset @skip
            """, new { account.Code, asked.Active, asked.Name, skip, most, today = account.Today(clock) })).AsList();
    }

    // A spreadsheet would run a cell that begins like a formula.
    static string Field(string text) =>
        $"\"{(text is ['=' or '+' or '-' or '@', ..] ? "'" : "")}{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

public sealed record Contact(long Id, string Name, string Email, int Total);
