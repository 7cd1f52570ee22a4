using Dapper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.SignIn;
using EnterprisePortal.ServiceDefaults.People;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Families;

/// <summary>Creates a family, or changes its guardians, e-mails and phones. The change feed picks it up by itself.</summary>
public static class EditFamily
{
    public static void Map(RouteGroupBuilder staff)
    {
        staff.MapGet("/families/new", () => Page(null, new([new("", "")], "", ""), null)).Needs("families.edit");
        staff.MapGet("/families/{id:long}/edit", Show).Needs("families.edit");
        staff.MapPost("/families/new",
            (IFormCollection form, Account account, Session session, NpgsqlDataSource db, AuditWriter audit, TimeProvider clock) =>
                Save(null, form, account, session, db, audit, clock)).Needs("families.edit");
        staff.MapPost("/families/{id:long}/edit",
            (long id, IFormCollection form, Account account, Session session, NpgsqlDataSource db, AuditWriter audit, TimeProvider clock) =>
                Save(id, form, account, session, db, audit, clock)).Needs("families.edit");
    }

    /// <summary>As typed: one e-mail or phone per line.</summary>
    public sealed record Typed(IReadOnlyList<Guardian> Guardians, string Emails, string Phones);

    static async Task<Results<RazorComponentResult<EditFamilyPage>, NotFound>> Show(long id, Account account, NpgsqlDataSource db)
    {
        await using var connection = await db.OpenConnectionAsync();
        if (await connection.ExecuteScalarAsync<long?>("select id from family where account = @Code and id = @id and erased_at is null", new
            { account.Code, id }) is null)
            return TypedResults.NotFound();
        var guardians =
            (await connection.QueryAsync<Guardian>(
                "select first_name, last_name from guardian where account = @Code and family = @id order by position", new
                    { account.Code, id })).AsList();
        return Page(id, new(guardians, await Lines("email"), await Lines("phone")), null);

        async Task<string> Lines(string table) =>
            string.Join('\n', await connection.QueryAsync<string>(
                $"select {table} from {table} where account = @Code and family = @id order by 1", new { account.Code, id }));
    }

    static async Task<Results<RazorComponentResult<EditFamilyPage>, RedirectHttpResult, NotFound>> Save(
        long? id, IFormCollection form, Account account, Session session, NpgsqlDataSource db, AuditWriter audit, TimeProvider clock)
    {
        var typed = new Typed([.. form["first"].Zip(form["last"], (first, last) => new Guardian((first ?? "").Trim(), (last ?? "").Trim()))
            .Where(guardian => guardian.FirstName + guardian.LastName != "")], $"{form["emails"]}", $"{form["phones"]}");
        var emails = Split(typed.Emails);
        var phones = Split(typed.Phones).Select(phone => (Typed: phone, Number: PhoneReading.E164(phone, account.Country))).ToList();
        var problem = typed.Guardians.Count == 0 || typed.Guardians.Any(guardian => guardian.FirstName == "" || guardian.LastName == "")
            ? "Every guardian needs a first and a last name, and a family at least one guardian."
            : emails.FirstOrDefault(email => !System.Net.Mail.MailAddress.TryCreate(email, out var address)
                || address.Address != email) is { } wrong ? $"\"{wrong}\" is not an e-mail address."
            : phones.FirstOrDefault(phone => phone.Number is null).Typed is { } number
                ? $"\"{number}\" is not a phone number in {account.Country}." : null;
        if (problem is not null)
            return Page(id, typed, problem);

        await using var connection = await db.OpenConnectionAsync();
        await using var all = await connection.BeginTransactionAsync();
        var name = FamilyName.Of(typed.Guardians);
        var family = await connection.ExecuteScalarAsync<long?>(id is null
            ? "insert into family (account, name, created_at) values (@Code, @name, @now) returning id"
            : "update family set name = @name where account = @Code and id = @id and erased_at is null returning id", new
            { account.Code, id, name, now = clock.GetUtcNow() });
        if (family is null)
            return TypedResults.NotFound();
        await connection.ExecuteAsync("""
            delete from guardian where account = @Code and family = @family;
            insert into guardian (account, family, position, first_name, last_name) select @Code, @family, n, first, last
              from unnest(@first, @last) with ordinality guardian (first, last, n);
            delete from email where account = @Code and family = @family and email <> all(@emails);
            insert into email (account, family, email) select @Code, @family, unnest(@emails) on conflict do nothing;
            delete from phone where account = @Code and family = @family and phone <> all(@phones);
            insert into phone (account, family, phone) select @Code, @family, unnest(@phones) on conflict do nothing
            """, new
        {
            account.Code, family, first = typed.Guardians.Select(guardian => guardian.FirstName).ToArray(),
            last = typed.Guardians.Select(guardian => guardian.LastName).ToArray(),
            emails, phones = phones.Select(phone => phone.Number).ToArray()
        });
        await audit.Write(connection, account, session, id is null ? "Created family" : "Changed family", $"Family {family} {name}");
        await all.CommitAsync();
        return TypedResults.Redirect($"/{account.Code}/families/{family}");
    }

    static string[] Split(string lines) =>
        [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Distinct(StringComparer.OrdinalIgnoreCase)];

    static RazorComponentResult<EditFamilyPage> Page(long? id, Typed typed, string? problem) =>
        new(new { Id = id, Family = typed, Problem = problem })
            { StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity };
}
