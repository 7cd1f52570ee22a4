using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.Entry;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.AccountApi;

/// <summary><c>GET staff/{email}</c>: does the login-as staff user exist, and may it enter. The same look that entry itself takes.</summary>
public static class ReadStaff
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/staff/{email}", Handle).WithName(nameof(ReadStaff)).OpensWith(AccountScopes.Staff);

    static async Task<Results<Ok<StaffUser>, NotFound>> Handle(string email, Account account, NpgsqlDataSource db, TimeProvider clock, CancellationToken cancel) =>
        await FinishEntry.Staff(db, account, email.ToLowerInvariant(), clock, cancel) is { } staff ? TypedResults.Ok(staff) : TypedResults.NotFound();
}
