using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.AccountApi;

/// <summary><c>GET families/{id}/enrollment</c>: whether the caller's family is enrolled now.</summary>
public static class CheckEnrollment
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/families/{id:long}/enrollment", Handle).WithName(nameof(CheckEnrollment)).OpensWith(AccountScopes.Search);

    static async Task<Results<Ok<LiveEnrollment>, NotFound>> Handle(
        long id, Account account, NpgsqlDataSource db, TimeProvider clock, CancellationToken cancel)
    {
        await using var command = db.CreateCommand(
            $"select {PortalFamily.IsActive} from family f where f.account = @account and f.id = @id and f.erased_at is null");
        command.Parameters.AddWithValue("account", account.Code);
        command.Parameters.AddWithValue("id", id);
        command.Parameters.AddWithValue("today", account.Today(clock));
        return await command.ExecuteScalarAsync(cancel) is bool active ? TypedResults.Ok(new LiveEnrollment(active))
            : TypedResults.NotFound();
    }
}
