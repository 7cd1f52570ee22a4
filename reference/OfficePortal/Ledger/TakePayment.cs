using System.Text.RegularExpressions;
using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.Families;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Mvc;
using static EnterprisePortal.OfficePortal.Families.ChangeFamily;

namespace EnterprisePortal.OfficePortal.Ledger;

/// <summary>
/// Records received money and applies it to the oldest open charges. For a card, only brand and last four digits are ever stored.
/// </summary>
public static partial class TakePayment
{
    public static void Map(RouteGroupBuilder staff) => staff.MapPost("/families/{id:long}/payments", Handle).Needs("ledger.pay");

    static Task<IResult> Handle(long id, [FromForm] string? amount, [FromForm] string? method, [FromForm] string? brand,
        [FromForm] string? lastFour, [FromForm] string? number,
        Account account, Session session, ChangeFamily change) =>
        change.Run(account, session, id, async (connection, ledger, now) =>
        {
            if (Amount(amount) is not { } paid || paid == 0)
                return Outcome.Not("A payment needs an amount like 49.50.");
            if (method is not ("cash" or "check" or "card" or "bank"))
                return Outcome.Not("Choose cash, check, card or bank.");
            if (method == "card" && !FourDigits().IsMatch(lastFour?.Trim() ?? ""))
                return Outcome.Not("Give the last four digits of the card.");
            var (card, given) = (method == "card", string.IsNullOrWhiteSpace(number) ? null : number.Trim());
            await connection.ExecuteAsync("""
                insert into payment (account, family, received_at, method, card_brand, card_last_four, check_number, transaction_number,
                  amount, status, taken_by)
                values (@Code, @id, @now, @method, @brand, @lastFour, @check, @transaction, @paid, 'received', @Staff)
                """, new
            {
                account.Code, id, now, method, brand = card ? brand ?? "Card" : null, lastFour = card ? lastFour!.Trim() : null,
                check = method == "check" ? given : null, transaction = method is "card" or "bank" ? given : null, paid, session.Staff
            });
            await ledger.Spend();
            return Outcome.Of("Took payment", $"{InWords(paid)} by {method}");
        });

    [GeneratedRegex("^[0-9]{4}$")]
    private static partial Regex FourDigits();
}
