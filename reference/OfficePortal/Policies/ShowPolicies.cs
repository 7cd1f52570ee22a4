using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Policies;

/// <summary>The policies that families agree to when they join.</summary>
public static class ShowPolicies
{
    public static void Map(RouteGroupBuilder staff) => staff.MapGet("/policies", Handle).Needs("policies.view");

    static async Task<RazorComponentResult<PoliciesPage>> Handle(Account account, Session session, NpgsqlDataSource db, AuditWriter audit)
    {
        await using var connection = await db.OpenConnectionAsync();
        var policies = (await connection.QueryAsync<Policy>("""
            select name, body, since, (select count(*) from family where family.account = policy.account and erased_at is null
              and created_at >= since)::int as families
            from policy where account = @Code order by name
            """, new { account.Code })).AsList();
        await audit.Write(connection, account, session, "Viewed policies", $"{policies.Count} policies");
        return new(new { Policies = policies });
    }
}

/// <param name="Families">Number of families that have joined under it.</param>
public sealed record Policy(string Name, string Body, DateOnly Since, int Families);
