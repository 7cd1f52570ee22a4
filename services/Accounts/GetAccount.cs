using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.Accounts;

public static class GetAccount
{
    public static void Map(RouteGroupBuilder accounts) => accounts.MapGet("/{code}", Handle).WithName(nameof(GetAccount));

    static async Task<Results<Ok<AccountItem>, NotFound>> Handle(
        string code, NpgsqlDataSource db, DirectoryReplica directory, Person person, CancellationToken cancel) =>
        await AccountList.Read(db, directory.ReachOf(person), person, code, cancel) is { } item
            ? TypedResults.Ok(item) : TypedResults.NotFound();
}
