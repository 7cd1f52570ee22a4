using EnterprisePortal.Contracts.AccountApi;

namespace EnterprisePortal.Reports.Figures;

/// <summary>The dates that a person compares a report's dates with.</summary>
static class PeriodBefore
{
    /// <summary>
    /// Days of whole months, or from the first of a month on, are compared by months: October 1 to 15 with September 1 to 15. Other days
    /// are compared with as many days right before them, and one day with that of the month before.
    /// </summary>
    /// <returns>null if the report was asked for without a date.</returns>
    public static ReportParameters? Of(ReportParameters asked) => asked switch
    {
        { AsOf: { } day } => asked with { AsOf = MonthsBefore(day, 1) },
        { From: { Day: 1 } from, To: { } to } when Months(from, to) is var months =>
            asked with { From = from.AddMonths(-months), To = MonthsBefore(to, months) },
        { From: { } from, To: { } to } =>
            asked with { From = from.AddDays(from.DayNumber - to.DayNumber - 1), To = from.AddDays(-1) },
        _ => null
    };

    /// <summary>The months that the days touch.</summary>
    static int Months(DateOnly from, DateOnly to) => (to.Year - from.Year) * 12 + to.Month - from.Month + 1;

    /// <summary>The last day of a month is compared with the last of the other.</summary>
    static DateOnly MonthsBefore(DateOnly day, int months) =>
        day.AddDays(1) is { Day: 1 } next ? next.AddMonths(-months).AddDays(-1) : day.AddMonths(-months);
}
