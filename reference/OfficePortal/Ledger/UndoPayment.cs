using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.Families;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using static EnterprisePortal.OfficePortal.Families.ChangeFamily;

namespace EnterprisePortal.OfficePortal.Ledger;

/// <summary>
/// Refund (some of it), void (all of it, before it reached the bank) and delete (it never happened). Each is a row of its own with its own
/// date; deleting a refunded payment also takes the refund back: +, −, −, +.
/// </summary>
public static class UndoPayment
{
    public static void Map(RouteGroupBuilder staff)
    {
        var payment = staff.MapGroup("/families/{id:long}/payments/{payment:long}");
        payment.MapPost("/refund", Refund).Needs("ledger.refund");
        payment.MapPost("/void", Void).Needs("ledger.refund");
        payment.MapPost("/delete", Delete).Needs("ledger.delete-payments");
    }

    static Task<IResult> Refund(long id, long payment, [FromForm] string? amount, [FromForm] string? reason, Account account,
        Session session, ChangeFamily change) =>
        change.Run(account, session, id, async (connection, ledger, now) =>
        {
            var there = await Find(connection, account, id, payment);
            if (Amount(amount) is not { } back || back == 0 || back > there?.Left)
                return Outcome.Not($"Refund at most what is left of the payment, {InWords(there?.Left ?? 0)}.");
            if (there is null)
                return Outcome.Not(Gone);
            await ledger.TakeBack(payment, back);
            await Event(connection, account, session, payment, "refund", -back, null, reason, now);
            return Outcome.Of("Refunded payment", $"payment {payment}, {InWords(back)}");
        });

    static Task<IResult> Void(long id, long payment, [FromForm] string? reason, Account account, Session session, ChangeFamily change) =>
        change.Run(account, session, id, async (connection, ledger, now) =>
        {
            if (await Find(connection, account, id, payment) is not { } there)
                return Outcome.Not(Gone);
            if (there.Left != there.Amount)
                return Outcome.Not("Some of this payment was refunded: it has been at the bank and cannot be voided. Refund the rest.");
            await ledger.TakeBack(payment, there.Amount);
            await Event(connection, account, session, payment, "void", -there.Amount, null, reason, now);
            return Outcome.Of("Voided payment", $"payment {payment}, {InWords(there.Amount)}");
        });

    static Task<IResult> Delete(long id, long payment, [FromForm] string? reason, Account account, Session session, ChangeFamily change) =>
        change.Run(account, session, id, async (connection, ledger, now) =>
        {
            if (await Find(connection, account, id, payment, alsoRefunded: true) is not { } there)
                return Outcome.Not(Gone);
            var refunds = (await connection.QueryAsync<Moved>("""
                select id, amount from payment_event e where account = @Code and payment = @payment and kind = 'refund'
                  and not exists (select from payment_event x where x.account = e.account and x.payment = e.payment and x.refund = e.id)
                    order by id
                """, new { account.Code, payment })).AsList();
            await ledger.TakeBack(payment, there.Left);
            await Event(connection, account, session, payment, "delete", -there.Amount, null, reason, now);
            foreach (var refund in refunds)
                await Event(connection, account, session, payment, "delete-refund", -refund.Amount, refund.Id, reason, now);
            return Outcome.Of("Deleted payment", $"payment {payment}, {InWords(there.Amount)}");
        });

    const string Gone = "There is no such payment, or nothing is left of it.";

    static Task<Received?> Find(NpgsqlConnection connection, Account account, long family, long payment, bool alsoRefunded = false) => connection.QuerySingleOrDefaultAsync<Received>("""
        select amount, amount + moved as left from payment p, lateral (
          select coalesce(sum(amount), 0) as moved, coalesce(bool_or(kind in ('void', 'delete')), false) as ended from payment_event e
            where e.account = p.account and e.payment = p.id) e
        where account = @Code and family = @family and id = @payment and status = 'received' and not ended
          and (@alsoRefunded or amount + moved > 0)
        """, new { account.Code, family, payment, alsoRefunded });

    static Task Event(NpgsqlConnection connection, Account account, Session session, long payment, string kind, decimal amount,
        long? refund, string? reason, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            insert into payment_event (account, payment, kind, refund, amount, at, made_by, reason)
              values (@Code, @payment, @kind, @refund, @amount, @now, @Staff, @reason)
            """, new { account.Code, payment, kind, refund, amount, now, session.Staff, reason = reason?.Trim() ?? "" });

    sealed record Received(decimal Amount, decimal Left);

    sealed record Moved(long Id, decimal Amount);
}
