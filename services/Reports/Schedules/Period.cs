using EnterprisePortal.Contracts.AccountApi;

namespace EnterprisePortal.Reports.Schedules;

/// <summary>The calendar of schedules: at six in the morning of one day of each week or month, for dates relative to that day.</summary>
public static class Period
{
    static readonly TimeOnly At = new(6, 0);

    public static readonly string[] Ranges = ["last-week", "last-month", "last-quarter", "month-to-date", "year-to-date"], Days = ["run-day", "day-before", "last-month-end"];

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

    /// <summary>What is due on that day: the dates of a report, both included, or its one day.</summary>
    public static ReportParameters Dated(this ReportParameters parameters, string covers, DateOnly day)
    {
        var month = day.AddDays(1 - day.Day);
        var monday = day.AddDays(-((int)day.DayOfWeek + 6) % 7);
        return covers switch
        {
            "last-week" => Range(monday.AddDays(-7), monday.AddDays(-1)),
            "last-month" => Range(month.AddMonths(-1), month.AddDays(-1)),
            "last-quarter" => month.AddMonths(-((day.Month - 1) % 3)) is var quarter ? Range(quarter.AddMonths(-3), quarter.AddDays(-1)) : parameters,
            // Up to the day before: that of the run has only begun. On the first there is none yet, and the month before is meant.
            "month-to-date" => day.AddDays(-1) is var last ? Range(last.AddDays(1 - last.Day), last) : parameters,
            "year-to-date" => day.AddDays(-1) is var last ? Range(new(last.Year, 1, 1), last) : parameters,
            "run-day" => parameters with { From = null, To = null, AsOf = day },
            "day-before" => parameters with { From = null, To = null, AsOf = day.AddDays(-1) },
            _ => parameters with { From = null, To = null, AsOf = month.AddDays(-1) }
        };

        ReportParameters Range(DateOnly from, DateOnly to) => parameters with { From = from, To = to, AsOf = null };
    }

    public static DateOnly DayOf(string timeZone, DateTimeOffset at) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(timeZone)).DateTime);
}
