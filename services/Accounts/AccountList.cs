using System.Text.Json;
using Dapper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Npgsql;

namespace EnterprisePortal.Accounts;

/// <summary>Accounts as one person sees them: their favorites first, then by name.</summary>
public static class AccountList
{
    /// <param name="Code">This account only.</param>
    /// <param name="Groups">Accounts in any of these groups; null: in any group.</param>
    /// <param name="Words">Each must occur somewhere in the account's fields, ignoring case and accents.</param>
    /// <param name="After">Code of the last account of the previous page.</param>
    public record Filter(
        string? Code = null, Guid[]? Groups = null, string[]? Words = null, string? After = null, int Limit = int.MaxValue);

    const string Select =
        """
        select a.code, a.name, a.owner, a.contact_name, a.contact_email, a.contact_phone, a.locations::text, a.status, a.time_zone,
               a.country, a.base_url, a.last_sync, c.reachable,
               case when @IsAdmin then c.problem_as_admin else c.problem_as_user end as problem, f.user_id is not null as favourite
        from account a
        left join entry_check c on c.account_code = a.code and c.staff_email = @EnterAs
        left join favourite f on f.account_code = a.code and f.user_id = @Person
        where a.code = any(@Codes)
          and (@Groups::uuid[] is null
               or exists (select from group_account m where m.account_code = a.code and m.group_id = any(@Groups)))
          and (@Words::text[] is null
               or lower(unaccent(concat_ws(' ', a.code, a.name, a.owner, a.contact_name, a.contact_email, a.contact_phone, a.status,
                    a.time_zone, a.country, a.base_url, jsonb_path_query_array(a.locations, '$[*].*')::text,
                    (select string_agg(g.name, ' ') from group_account m join portal_group g on g.id = m.group_id
                     where m.account_code = a.code and g.id = any(@Visible)))))
                  like all ((select array_agg(lower(unaccent(word))) from unnest(@Words) word)::text[]))
          and (@After::text is null
               or (f.user_id is null, lower(a.name), a.code) >
                  (select not exists (select from favourite mine where mine.account_code = last.code and mine.user_id = @Person),
                          lower(last.name), last.code
                   from account last where last.code = @After))
        order by f.user_id is null, lower(a.name), a.code
        limit @Limit
        """;

    sealed record Row(
        string Code, string Name, string Owner, string ContactName, string ContactEmail, string ContactPhone, string Locations,
        string Status, string TimeZone, string Country, string BaseUrl, DateTime? LastSync, bool? Reachable, string? Problem,
        bool Favourite);

    public static async Task<List<AccountItem>> Read(
        NpgsqlDataSource db, Reach reach, Person person, Filter filter, CancellationToken cancel)
    {
        var enterAs = reach.Enterprise?.LoginAs(person.GroupId, person.IsAdmin, person.StaffEmail);
        var visible = reach.Groups.ToDictionary(group => group.Id);
        await using var connection = await db.OpenConnectionAsync(cancel);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(Select, new
        {
            Codes = filter.Code is null ? reach.Codes : reach.Contains(filter.Code) ? [filter.Code] : [],
            EnterAs = enterAs?.ToLowerInvariant() ?? "",
            person.IsAdmin,
            Person = person.Id,
            Visible = visible.Keys.ToArray(),
            Groups = filter.Groups?.Where(visible.ContainsKey).ToArray(),
            Words = filter.Words?.Select(Like.Contains).ToArray(),
            filter.After,
            filter.Limit
        }, cancellationToken: cancel));
        return [.. rows.Select(row =>
        {
            var problem = Problem(row, enterAs);
            return new AccountItem(
                row.Code, row.Name, row.Owner, new(row.ContactName, row.ContactEmail, row.ContactPhone),
                JsonSerializer.Deserialize<AccountLocation[]>(row.Locations, JsonSerializerOptions.Web)!,
                [.. from each in visible.Values
                    where each.Accounts.Contains(row.Code)
                    orderby each.Name
                    select new GroupName(each.Id, each.Name)],
                row.Status, row.TimeZone, row.Country, row.BaseUrl, new(enterAs, problem is null, problem), row.LastSync, row.Favourite);
        })];
    }

    static string? Problem(Row row, string? enterAs) =>
        row.Status != AccountState.Active ? row.Status
        : enterAs is null ? EntryProblem.NoLoginAs
        : row.Reachable == false ? EntryProblem.Unreachable
        : row.Problem;

    public static async Task<AccountItem?> Read(NpgsqlDataSource db, Reach reach, Person person, string code, CancellationToken cancel) =>
        (await Read(db, reach, person, new Filter(code), cancel)).SingleOrDefault();

    /// <summary>The words of a search box.</summary>
    public static string[]? Words(string? q) =>
        q?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } words ? words : null;
}
