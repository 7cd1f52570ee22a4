using System.Globalization;
using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.Families;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Mvc;
using static EnterprisePortal.OfficePortal.Families.ChangeFamily;

namespace EnterprisePortal.OfficePortal.Ledger;

/// <summary>Adds a charge; the family's unapplied money pays it at once.</summary>
public static class AddCharge
{
    public static void Map(RouteGroupBuilder staff) => staff.MapPost("/families/{id:long}/charges", Handle).Needs("ledger.charge");

    static Task<IResult> Handle(
        long id,
        [FromForm] long category,
        [FromForm] string? program,
        [FromForm] string? student,
        [FromForm] string? description,
        [FromForm] string? date,
        [FromForm] string? due,
        [FromForm] string? amount,
        [FromForm] string? tax,
        Account account,
        Session session,
        ChangeFamily change) =>
        change.Run(account, session, id, async (connection, ledger, now) =>
        {
            if (Amount(amount) is not { } net || net == 0 || Amount(string.IsNullOrWhiteSpace(tax) ? "0" : tax) is not { } taxed
                || Day(date) is not { } on || Day(due) is not { } until || until < on)
                return Outcome.Not("A charge needs an amount like 49.50, a date, and a due date that is not before it.");
            if (string.IsNullOrWhiteSpace(description))
                return Outcome.Not("Say what the charge is for.");
            // A student or program of another family or account becomes null; without its category the charge is not inserted.
            var added = await connection.ExecuteAsync("""
                insert into charge (account, family, student, program, category, description, charge_date, due_date, amount, tax,
                  created_at, created_by)
                select @Code, @id, (select id from student where account = @Code and family = @id and id = @student),
                  (select id from program where account = @Code and id = @program),
                  id, @description, @on, @until, @net, @taxed, @now, @Staff from charge_category where account = @Code and id = @category
                """, new
            {
                account.Code,
                id,
                student = Number(student),
                program = Number(program),
                category,
                description = description.Trim(),
                on,
                until,
                net,
                taxed,
                now,
                session.Staff
            });
            if (added == 0)
                return Outcome.Not("This account has no such charge category.");
            await ledger.Spend();
            return Outcome.Of("Added charge", $"{description.Trim()}, {InWords(net + taxed)}");
        });

    static long? Number(string? text) => long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;
}
