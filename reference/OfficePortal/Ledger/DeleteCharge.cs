using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.Families;
using EnterprisePortal.OfficePortal.SignIn;
using static EnterprisePortal.OfficePortal.Families.ChangeFamily;

namespace EnterprisePortal.OfficePortal.Ledger;

/// <summary>The charge stays in the ledger, marked; the amount paid on it becomes the family's credit again.</summary>
public static class DeleteCharge
{
    public static void Map(RouteGroupBuilder staff) =>
        staff.MapPost("/families/{id:long}/charges/{charge:long}/delete", Handle).Needs("ledger.delete-charges");

    // The form is bound only for its anti-forgery token.
    static Task<IResult> Handle(long id, long charge, IFormCollection form, Account account, Session session, ChangeFamily change) =>
        change.Run(account, session, id, async (connection, ledger, now) =>
        {
            var there = new { account.Code, id, charge, now, session.Staff };
            if (await connection.ExecuteScalarAsync<string?>(
                "select description from charge where account = @Code and family = @id and id = @charge and deleted_at is null",
                there) is not { } description)
                return Outcome.Not("There is no such charge, or it is deleted already.");
            await ledger.Clear(charge);
            await connection.ExecuteAsync(
                "update charge set deleted_at = @now, deleted_by = @Staff where account = @Code and id = @charge", there);
            return Outcome.Of("Deleted charge", $"charge {charge}, {description}");
        });
}
