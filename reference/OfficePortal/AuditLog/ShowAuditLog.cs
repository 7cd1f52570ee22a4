using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.AuditLog;

/// <summary>The account's Audit Log, newest first.</summary>
public static class ShowAuditLog
{
    const int PageSize = 100;

    public static void Map(RouteGroupBuilder staff) => staff.MapGet("/audit-log", Handle).Needs("audit-log.view");

    static async Task<RazorComponentResult<AuditLogPage>> Handle(
        long? before, Account account, Session session, NpgsqlDataSource db, AuditWriter audit, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await audit.Write(connection, account, session, "Viewed Audit Log", before is null ? "Newest entries" : $"Entries before {before}");
        var entries = (await connection.QueryAsync<AuditEntry>("""
            select id, at, member, username, source, host(ip) as ip, action, affected_records from audit_entry
            where account = @Code and id < @before order by id desc limit @take
            """, new { account.Code, before = before ?? long.MaxValue, take = PageSize + 1 })).AsList();
        return new(new
            { Entries = entries.Take(PageSize).ToList(), Older = entries.Count > PageSize ? entries[PageSize - 1].Id : (long?)null });
    }
}

public sealed record AuditEntry(
    long Id, DateTime At, string Member, string Username, string Source, string? Ip, string Action, string AffectedRecords);
