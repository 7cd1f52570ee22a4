using EnterprisePortal.ServiceDefaults.Directory;

namespace EnterprisePortal.Sync;

/// <summary>
/// The history of readings, a row per account and day, so that a flaky account can be told from a bad night. Written by the statement that
/// records a reading's outcome, which happens once for each reading.
/// </summary>
static class SyncDays
{
    /// <summary>Days that the API answers, and the database keeps.</summary>
    public const int Shown = 14, Kept = 31;

    /// <summary>What follows <c>with recorded as (update … returning account)</c>; it selects the number of recorded outcomes.</summary>
    /// <param name="problem">A parameter; its value is null if the reading was good.</param>
    public static string Add(string day, string problem, string families) =>
        $"""
        , added as (
          insert into account_sync_day (account, day, good, failed, families, problem)
          select account, {day}, ({problem} is null)::int, ({problem} is not null)::int, {families}, {problem} from recorded
          on conflict (account, day) do update set good = account_sync_day.good + excluded.good,
            failed = account_sync_day.failed + excluded.failed,
            families = coalesce(excluded.families, account_sync_day.families),
            problem = coalesce(excluded.problem, account_sync_day.problem)),
        forgotten as (
          delete from account_sync_day where account in (select account from recorded) and day < {day} - {Kept})
        select count(*)::int from recorded
        """;

    /// <summary>An account that the directory does not know, or no longer, lives in UTC.</summary>
    public static DateOnly DayOf(this DirectoryReplica directory, string account, DateTimeOffset at) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at,
            TimeZoneInfo.TryFindSystemTimeZoneById(directory.Account(account)?.TimeZone ?? "", out var zone) ? zone : TimeZoneInfo.Utc)
            .DateTime);
}
