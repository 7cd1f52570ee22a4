using EnterprisePortal.Contracts.AccountApi;

namespace EnterprisePortal.Reports.Schedules;

/// <summary>The calendar of schedules: at six in the morning of one day of each week or month, for dates relative to that day.</summary>
public static class Period
{
    static readonly TimeOnly At = new(6, 0);

    /// <param name="day">1 (Monday) to 7 of the week, or 1 to 28 of the month.</param>
    public static DateTimeOffset NextRun(string every, int day, string timeZone, DateTimeOffset after)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        for (var next = DayOf(timeZone, after); ; next = next.AddDays(1))
        {
            var local = next.ToDateTime(At);
            var due = new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
            if (due > after && (every == Schedule.Week ? ((int)next.DayOfWeek + 6) % 7 + 1 == day : next.Day == day))
                return due;
        }
    }

    /// <summary>The report's dates for that day, both included, or its one day.</summary>
    public static ReportParameters Dated(this ReportParameters parameters, string covers, DateOnly day)
    {
        var (month, yesterday) = (day.AddDays(1 - day.Day), day.AddDays(-1));
        var quarter = month.AddMonths(-((day.Month - 1) % 3));
        var monday = day.AddDays(-((int)day.DayOfWeek + 6) % 7);
        return covers switch
        {
            "last-week" => Range(monday.AddDays(-7), monday.AddDays(-1)),
            "last-month" => Range(month.AddMonths(-1), month.AddDays(-1)),
            "last-quarter" => Range(quarter.AddMonths(-3), quarter.AddDays(-1)),
            // Up to the day before: the day of the run has only begun. On the first of a month that is the whole previous month.
            "month-to-date" => Range(yesterday.AddDays(1 - yesterday.Day), yesterday),
            "year-to-date" => Range(new(yesterday.Year, 1, 1), yesterday),
            "run-day" => parameters with { From = null, To = null, AsOf = day },
            "day-before" => parameters with { From = null, To = null, AsOf = yesterday },
            "last-month-end" => parameters with { From = null, To = null, AsOf = month.AddDays(-1) },
            _ => throw new ArgumentOutOfRangeException(nameof(covers), covers, "The catalogue has no such dates.")
        };

        ReportParameters Range(DateOnly from, DateOnly to) => parameters with { From = from, To = to, AsOf = null };
    }

    public static DateOnly DayOf(string timeZone, DateTimeOffset at) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(timeZone)).DateTime);
}
