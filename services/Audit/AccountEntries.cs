using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.ServiceDefaults.AccountApi;
using Npgsql;

namespace EnterprisePortal.Audit;

/// <summary>
/// An account's own activities as entries of our log. An entry's id is derived from the account's, so that reading a page twice adds
/// nothing.
/// </summary>
static partial class AccountEntries
{
    /// <summary>Keeps an account from filling the log with nonsense, or from making its reader go in circles.</summary>
    public static void Check(AccountActivities page, string? cursor, DateTimeOffset now)
    {
        if (page.Items is null || page.Cursor is not { Length: <= 500 } || page.More && page.Cursor == cursor
            || page.Items.Any(item =>
                item is not { Id.Length: > 0 and <= 200, Action: not null, AffectedRecords: not null, Member: not null }
                || item.At > now.AddMinutes(15) || item.At < now.AddYears(-2)))
            throw new AccountUnavailable("The account sent something that is not an Audit Log.");
    }

    /// <summary>
    /// With the level and group that the log last recorded for the person before that time. Only root Admins see the entries of a person
    /// whom it does not know in this enterprise.
    /// </summary>
    public static async Task<List<ActivityRecorded>> Of(
        NpgsqlConnection connection,
        AccountState account,
        Guid enterprise,
        IReadOnlyList<AccountActivity> items,
        CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            """
            select known.person, known.person_email, known.level, known.group_id
            from unnest($2, $3) with ordinality as said (person, at, place)
            left join lateral (select person, person_email, level, group_id from activity
              where enterprise_id = $1 and person_id = said.person and activity.at <= said.at
                order by activity.at desc, id desc limit 1) as known on true
            order by place
            """, connection);
        command.Parameters.AddWithValue(enterprise);
        command.Parameters.AddWithValue(items.Select(item => item.PersonId).ToArray());
        command.Parameters.AddWithValue(items.Select(item => item.At.ToUniversalTime()).ToArray());
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var entries = new List<ActivityRecorded>();
        foreach (var item in items)
        {
            await rows.ReadAsync(cancel);
            var person = rows.IsDBNull(0) ? new Actor(item.PersonId, Short(item.Member), "", "user", enterprise)
                : new Actor(item.PersonId, rows.GetString(0), rows.GetString(1), rows.GetString(2), rows.GetGuid(3));
            entries.Add(new(IdOf(account.Code, item.Id), item.At, enterprise, person, ActionOf(item.Action), Short(item.AffectedRecords),
                account.Code,
                account.Name, item.Ip is { } ip ? Short(ip) : null,
                JsonSerializer.Serialize(new { @as = Short(item.Username ?? ""), action = item.Action, id = item.Id })));
        }
        return entries;
    }

    static Guid IdOf(string account, string id) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{account}\n{id}")).AsSpan(0, 16));

    /// <summary><c>Viewed family</c> is <c>inside.viewed-family</c>.</summary>
    static string ActionOf(string words) => $"{AuditActions.Inside}{NotALetter().Replace(Short(words).ToLowerInvariant(), "-").Trim('-')}";

    [GeneratedRegex(@"[^\p{L}\p{N}]+")]
    private static partial Regex NotALetter();

    static string Short(string text) => text.Length <= 1000 ? text : text[..1000];
}
