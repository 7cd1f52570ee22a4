using System.Globalization;
using Dapper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.AccountApi;

/// <summary>
/// <c>GET audit-log?after={cursor}</c>: activities of portal users here since the pairing, oldest first. Activities from another
/// enterprise's pairing are not for this one, and those of the account's own staff are not for the portal.
/// </summary>
public static class ReadAuditLog
{
    const int Most = 500;

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/audit-log", Handle).WithName(nameof(ReadAuditLog)).OpensWith(AccountScopes.AuditLog);

    static async Task<Results<Ok<AccountActivities>, ValidationProblem>> Handle(
        string? after, Account account, NpgsqlDataSource db, CancellationToken cancel)
    {
        if (!long.TryParse(after ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out var cursor))
            return Refusal.Invalid("after", "Give the cursor of the last answer, or none.");
        await using var connection = await db.OpenConnectionAsync(cancel);
        // Rows of transactions that are still open could appear below the cursor: the feed leaves out the last five seconds.
        var rows = (await connection.QueryAsync<Row>("""
            select id, at, person_id, member, username, source, host(ip) as ip, action, affected_records from audit_entry
            where account = @Code and id > @cursor and person_id is not null and at >= (select paired_at from account where code = @Code)
              and at < now() - interval '5 seconds' order by id limit @take
            """, new { account.Code, cursor, take = Most + 1 })).AsList();
        var items = rows.Take(Most).Select(row => new AccountActivity(row.Id.ToString(CultureInfo.InvariantCulture), row.At, row.PersonId,
            row.Member, row.Username, row.Source, row.Ip, row.Action, row.AffectedRecords)).ToList();
        return TypedResults.Ok(new AccountActivities(items, items.Count > 0 ? items[^1].Id : after ?? "0", rows.Count > Most));
    }

    sealed record Row(long Id, DateTime At, Guid PersonId, string Member, string Username, string Source, string? Ip, string Action,
        string AffectedRecords);
}
