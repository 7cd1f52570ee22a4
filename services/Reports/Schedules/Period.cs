namespace EnterprisePortal.Reports.Schedules;

/// <summary>The calendar of schedules: each Monday for the week before, each first of a month for the month before, at six in the morning there.</summary>
public static class Period
{
    static readonly TimeOnly At = new(6, 0);

    public static DateTimeOffset NextRun(string every, string timeZone, DateTimeOffset after)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(after, zone).DateTime);
        while (true)
        {
            var local = day.ToDateTime(At);
            var due = new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
            if (due > after && (every == Schedule.Week ? day.DayOfWeek == DayOfWeek.Monday : day.Day == 1))
                return due;
            day = day.AddDays(1);
        }
    }

    /// <returns>First and last day, both included.</returns>
    public static (DateOnly From, DateOnly To) Before(string every, string timeZone, DateTimeOffset due)
    {
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(due, TimeZoneInfo.FindSystemTimeZoneById(timeZone)).DateTime);
        return every == Schedule.Week ? (day.AddDays(-7), day.AddDays(-1)) : (day.AddMonths(-1), day.AddDays(-1));
    }
}
