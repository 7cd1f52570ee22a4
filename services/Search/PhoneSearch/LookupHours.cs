using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.Search.PhoneSearch;

/// <summary>
/// How many lookups there were in each hour and how long they took, so that a slow telephony is seen: a User's own, for an Admin those of
/// their group and below. Counted as lookups happen, in a row per person and hour.
/// </summary>
public static class LookupHours
{
    const int Shown = 24;

    public static void Map(IEndpointRouteBuilder search) =>
        search.MapGet("/phone-lookups/hours", Handle).WithName(nameof(LookupHours));

    /// <summary>Old hours of the person go at the same time.</summary>
    internal static NpgsqlBatchCommand Add(Person person, DateTimeOffset at, int milliseconds) => new(
        """
        with forgotten as (delete from phone_lookup_hour where person_id = $1 and hour < $3 - interval '14 days')
        insert into phone_lookup_hour (person_id, group_id, hour, lookups, milliseconds, slowest)
        values ($1, $2, date_trunc('hour', $3, 'UTC'), 1, $4, $4)
        on conflict (person_id, group_id, hour) do update set lookups = phone_lookup_hour.lookups + 1,
          milliseconds = phone_lookup_hour.milliseconds + excluded.milliseconds,
          slowest = greatest(phone_lookup_hour.slowest, excluded.slowest)
        """)
    {
        Parameters =
        {
            new() { Value = person.Id }, new() { Value = person.GroupId }, new() { Value = at }, new() { Value = milliseconds }
        }
    };

    static async Task<Ok<Page<LookupHour>>> Handle(
        Person person, DirectoryReplica directory, NpgsqlDataSource db, TimeProvider clock, CancellationToken cancel)
    {
        var reach = directory.ReachOf(person);
        await using var command = db.CreateCommand(
            $"""
            select hour, sum(lookups)::int, (sum(milliseconds) / sum(lookups))::int, max(slowest) from phone_lookup_hour
            where hour > $1 and {(person.IsAdmin ? "group_id = any($2)" : "person_id = $2")}
            group by hour order by hour
            """);
        command.Parameters.AddWithValue(clock.GetUtcNow().AddHours(-Shown));
        command.Parameters.AddWithValue(person.IsAdmin ? reach.Groups.Select(group => group.Id).ToArray() : person.Id);
        var hours = new List<LookupHour>();
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            hours.Add(new(rows.GetFieldValue<DateTimeOffset>(0), rows.GetInt32(1), rows.GetInt32(2), rows.GetInt32(3)));
        return TypedResults.Ok(new Page<LookupHour>(hours, null));
    }
}
