using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.Audit;

/// <summary>
/// How many entries of <see cref="ReadLog"/> each day has, in UTC. The period is bounded, so that only the newest months of a long log are
/// counted, from an index; and a count that takes too long all the same is given up.
/// </summary>
public static class CountDays
{
    const int Default = 30, Most = 92;
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public static void Map(RouteGroupBuilder audit) => audit.MapGet("/days", Handle).WithName(nameof(CountDays));

    static async Task<Results<Ok<Page<LogDay>>, ValidationProblem, ProblemHttpResult>> Handle(
        [AsParameters] LogFilter filter,
        Person person,
        DirectoryReplica directory,
        NpgsqlDataSource db,
        TimeProvider clock,
        CancellationToken cancel)
    {
        await using var command = db.CreateCommand();
        var (where, problem) = await filter.For(person, directory.ReachOf(person), command, db, cancel);
        if (where is null)
            return problem!;
        var (first, last) = Period(filter, clock.GetUtcNow());
        where.And($"at >= {where.Value(new DateTimeOffset(first, TimeOnly.MinValue, TimeSpan.Zero))}");
        where.And($"at <= {where.Value(new DateTimeOffset(last, TimeOnly.MaxValue, TimeSpan.Zero))}");
        command.CommandText = $"select (at at time zone 'UTC')::date, count(*) from activity where {where} group by 1 order by 1";
        command.CommandTimeout = (int)Longest.TotalSeconds;
        var days = new List<LogDay>();
        try
        {
            await using var rows = await command.ExecuteReaderAsync(cancel);
            while (await rows.ReadAsync(cancel))
                days.Add(new(rows.GetFieldValue<DateOnly>(0), rows.GetInt64(1)));
        }
        catch (NpgsqlException e) when (e.InnerException is TimeoutException)
        {
            return Refusal.Of("too-many-entries", "There are too many entries to count them by day. Choose fewer days.");
        }
        return TypedResults.Ok(new Page<LogDay>(days, null));
    }

    /// <summary>The days asked for, at most three months of them; by default the last thirty.</summary>
    static (DateOnly First, DateOnly Last) Period(LogFilter filter, DateTimeOffset now)
    {
        Moment.TryRead(filter.From, endOfDay: false, out var from);
        Moment.TryRead(filter.To, endOfDay: true, out var to);
        var last = DateOnly.FromDateTime((to ?? now).UtcDateTime);
        var days = from is { } start
            ? Math.Clamp(last.DayNumber - DateOnly.FromDateTime(start.UtcDateTime).DayNumber + 1, 1, Most) : Default;
        return (DateOnly.FromDayNumber(Math.Max(0, last.DayNumber - days + 1)), last);
    }
}
