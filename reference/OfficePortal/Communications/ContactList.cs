using System.Text;
using Dapper;
using EnterprisePortal.OfficePortal.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
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
        bool? active, Account account, Session session, NpgsqlDataSource db, AuditWriter audit, TimeProvider clock)
    {
        var contacts = await Find(active == true, account, db, clock);
        await audit.Write(account, session, "Viewed contact list", $"{contacts.Count} addresses");
        return new(new { Contacts = contacts, Active = active == true });
    }

    static async Task<FileContentHttpResult> Export(
        bool? active, Account account, Session session, NpgsqlDataSource db, AuditWriter audit, TimeProvider clock)
    {
        var contacts = await Find(active == true, account, db, clock);
        await audit.Write(account, session, "Exported contact list", $"{contacts.Count} addresses");
        var csv = new StringBuilder("Family,E-mail\r\n");
        foreach (var contact in contacts)
            csv.Append(Field(contact.Name)).Append(',').Append(Field(contact.Email)).Append("\r\n");
        return TypedResults.File(Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes(csv.ToString())).ToArray(),
            "text/csv; charset=utf-8", $"contact-list-{account.Code}.csv");
    }

    static async Task<List<Contact>> Find(bool active, Account account, NpgsqlDataSource db, TimeProvider clock)
    {
        await using var connection = await db.OpenConnectionAsync();
        return (await connection.QueryAsync<Contact>($"""
            select f.id, f.name, email.email from family f join email on email.account = f.account and email.family = f.id
            where f.account = @Code and f.erased_at is null and (not @active or {PortalFamily.IsActive})
              order by lower(f.name), f.id, email.email
            """, new { account.Code, active, today = account.Today(clock) })).AsList();
    }

    // A spreadsheet would run a cell that begins like a formula.
    static string Field(string text) =>
        $"\"{(text is ['=' or '+' or '-' or '@', ..] ? "'" : "")}{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

public sealed record Contact(long Id, string Name, string Email);
