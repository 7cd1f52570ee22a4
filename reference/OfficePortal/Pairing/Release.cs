using Dapper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Pairing;

/// <summary>
/// <c>POST release</c>: the enterprise removes the account. Its portal sessions end, removed permissions are allowed again, and the pinned
/// portal is cleared. Only the enterprise itself can do this: an owner who could would shake off its restrictions. The call cannot be
/// repeated: afterwards the portal's token is no longer accepted.
/// </summary>
public static class Release
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/release", Handle).WithName(nameof(Release)).OpensWith(AccountScopes.Pairing);

    static async Task<NoContent> Handle(
        Account account, NpgsqlDataSource db, EndSessions sessions, AuditWriter audit, AccountDirectory accounts, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var all = await connection.BeginTransactionAsync(cancel);
        await sessions.AllOfPortal(connection, account, "The enterprise has released this account");
        await connection.ExecuteAsync("""
            delete from restriction_set where account = @Code;
            update account set issuer = null, enterprise_id = null, enterprise_name = null, client_id = null, client_key = null,
              paired_at = null,
              paired_code_hash = null, paired_code_until = null where code = @Code
            """, new { account.Code });
        await audit.Write(connection, account, account.EnterpriseName!, account.ClientId!, null, "Released by the enterprise",
            $"{account.EnterpriseName} at {account.Issuer}");
        await all.CommitAsync(cancel);
        accounts.Forget(account.Code);
        return TypedResults.NoContent();
    }
}
