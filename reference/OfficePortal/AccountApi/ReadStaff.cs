using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.Entry;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.AccountApi;

/// <summary>
/// <c>GET staff/{email}</c>: whether the login-as staff user exists and may enter, by the check that the entry itself uses.
/// </summary>
public static class ReadStaff
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/staff/{email}", Handle).WithName(nameof(ReadStaff)).OpensWith(AccountScopes.Staff);

    static async Task<Results<Ok<StaffUser>, NotFound>> Handle(
        string email, Account account, NpgsqlDataSource db, TimeProvider clock, CancellationToken cancel) =>
        await FinishEntry.Staff(db, account, email.ToLowerInvariant(), clock, cancel) is { } staff ? TypedResults.Ok(staff)
            : TypedResults.NotFound();
}
