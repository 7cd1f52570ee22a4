using System.Net;
using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.SignIn;
using Npgsql;

namespace EnterprisePortal.OfficePortal.AuditLog;

/// <summary>The account's own Audit Log: who looked at or changed what. Append-only.</summary>
public sealed class AuditWriter(NpgsqlDataSource db, TimeProvider clock, IHttpContextAccessor http)
{
    public const string OfficePortal = "Office Portal", StaffPortal = "Staff Portal", EnterprisePortal = "Enterprise Portal";

    /// <param name="affected">In words, as the log shows it: <c>Family 17 Smith, Mary</c>.</param>
    public async Task Write(Account account, Session session, string action, string affected)
    {
        await using var connection = await db.OpenConnectionAsync();
        await Write(connection, account, session, action, affected);
    }

    /// <summary>On the connection of the change, so that both happen or neither.</summary>
    public Task Write(NpgsqlConnection connection, Account account, Session session, string action, string affected) =>
        Write(connection, account, session.Member, session.Staff, session.Person?.Id, action, affected);

    public Task Write(NpgsqlConnection connection, Account account, string member, string username, Guid? person, string action,
        string affected) =>
        connection.ExecuteAsync("""
            insert into audit_entry (account, at, member, username, source, ip, action, affected_records, person_id)
            values (@Code, @at, @member, @username, @source, @ip::inet, @action, @affected, @person)
            """,
            new
            {
                account.Code, at = clock.GetUtcNow(), member, username, source = Source(account, person),
                ip = Ip(http.HttpContext?.Connection.RemoteIpAddress), action, affected, person
            });

    /// <summary>Who acted: a portal user or the portal itself, otherwise in which application of the account.</summary>
    string Source(Account account, Guid? person)
    {
        var path = http.HttpContext?.Request.Path ?? default;
        return person is not null || path.StartsWithSegments($"/{account.Code}/api")
            || path.StartsWithSegments($"/{account.Code}/enterprise") ? EnterprisePortal
            : path.StartsWithSegments($"/{account.Code}/staff-portal") ? StaffPortal : OfficePortal;
    }

    static string? Ip(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4().ToString() : address?.ToString();
}
