using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Npgsql;
using NpgsqlTypes;

namespace EnterprisePortal.Accounts;

/// <summary>An account as one person sees it.</summary>
/// <param name="Groups">Only those the person may know of: their own and the ones below.</param>
/// <param name="Favourite">The person's own: in their lists it comes first.</param>
public record AccountItem(string Code, string Name, string Owner, AccountContact Contact, IReadOnlyList<AccountLocation> Locations, IReadOnlyList<AccountItem.GroupName> Groups,
    string Status, string TimeZone, string Country, string BaseUrl, AccountItem.EntryState Entry, DateTimeOffset? LastSync, bool Favourite)
{
    public record GroupName(Guid Id, string Name);

    /// <param name="As">Staff user the person would enter as.</param>
    /// <param name="Ok">No problem is known.</param>
    /// <param name="Problem">One of <see cref="EntryProblem"/>.</param>
    public record EntryState(string? As, bool Ok, string? Problem);

    /// <param name="Code">This account only.</param>
    /// <param name="Groups">Union; null: all.</param>
    /// <param name="Words">Each somewhere in the account's fields, any case, any accents.</param>
    /// <param name="After">Code of the last account of the page before.</param>
    public record Filter(string? Code = null, Guid[]? Groups = null, string[]? Words = null, string? After = null, int Limit = int.MaxValue);

    const string Select =
        """
        select a.code, a.name, a.owner, a.contact_name, a.contact_email, a.contact_phone, a.locations::text, a.status, a.time_zone, a.country, a.base_url, a.last_sync,
               c.reachable, case when $3 then c.problem_as_admin else c.problem_as_user end, f.user_id is not null
        from account a
        left join entry_check c on c.account_code = a.code and c.staff_email = $2
        left join favourite f on f.account_code = a.code and f.user_id = $9
        where a.code = any($1)
          and ($5::uuid[] is null or exists (select from group_account m where m.account_code = a.code and m.group_id = any($5)))
          and ($6::text[] is null or lower(unaccent(concat_ws(' ', a.code, a.name, a.owner, a.contact_name, a.contact_email, a.contact_phone, a.status, a.time_zone, a.country, a.base_url,
                jsonb_path_query_array(a.locations, '$[*].*')::text,
                (select string_agg(g.name, ' ') from group_account m join portal_group g on g.id = m.group_id where m.account_code = a.code and g.id = any($4))))) like all ((select array_agg(lower(unaccent(word))) from unnest($6) word)::text[]))
          and ($7::text is null or (f.user_id is null, lower(a.name), a.code) > (
                select not exists (select from favourite mine where mine.account_code = last.code and mine.user_id = $9), lower(last.name), last.code from account last where last.code = $7))
        order by f.user_id is null, lower(a.name), a.code
        limit $8
        """;

    public static async Task<List<AccountItem>> Read(NpgsqlDataSource db, Reach reach, Person person, Filter filter, CancellationToken cancel)
    {
        var enterAs = reach.Enterprise?.LoginAs(person.GroupId, person.IsAdmin, person.StaffEmail);
        var visible = reach.Groups.ToDictionary(group => group.Id);
        await using var command = db.CreateCommand(Select);
        command.Parameters.AddWithValue(filter.Code is null ? reach.Codes : reach.Contains(filter.Code) ? [filter.Code] : []);
        command.Parameters.AddWithValue(enterAs?.ToLowerInvariant() ?? "");
        command.Parameters.AddWithValue(person.IsAdmin);
        command.Parameters.AddWithValue(visible.Keys.ToArray());
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Uuid, (object?)filter.Groups?.Where(visible.ContainsKey).ToArray() ?? DBNull.Value);
        var words = filter.Words?.Select(Like.Contains).ToArray();
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, (object?)words ?? DBNull.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)filter.After ?? DBNull.Value);
        command.Parameters.AddWithValue(filter.Limit);
        command.Parameters.AddWithValue(person.Id);

        var items = new List<AccountItem>();
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
        {
            var (code, status) = (row.GetString(0), row.GetString(7));
            var problem = status != AccountState.Active ? status
                : enterAs is null ? EntryProblem.NoLoginAs
                : row.IsDBNull(12) ? null
                : !row.GetBoolean(12) ? EntryProblem.Unreachable
                : row.IsDBNull(13) ? null : row.GetString(13);
            items.Add(new(code, row.GetString(1), row.GetString(2), new(row.GetString(3), row.GetString(4), row.GetString(5)),
                JsonSerializer.Deserialize<AccountLocation[]>(row.GetString(6), JsonSerializerOptions.Web)!,
                [.. visible.Values.Where(group => group.Accounts.Contains(code)).OrderBy(group => group.Name).Select(group => new GroupName(group.Id, group.Name))],
                status, row.GetString(8), row.GetString(9), row.GetString(10),
                new(enterAs, problem is null, problem), row.IsDBNull(11) ? null : row.GetFieldValue<DateTimeOffset>(11), row.GetBoolean(14)));
        }
        return items;
    }

    public static async Task<AccountItem?> Read(NpgsqlDataSource db, Reach reach, Person person, string code, CancellationToken cancel) =>
        (await Read(db, reach, person, new Filter(code), cancel)).SingleOrDefault();

    /// <summary>Words of a find box.</summary>
    public static string[]? Words(string? q) => q?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } words ? words : null;
}
