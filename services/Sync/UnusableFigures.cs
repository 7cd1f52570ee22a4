using EnterprisePortal.Contracts.AccountApi;

namespace EnterprisePortal.Sync;

/// <summary>
/// Figures that cannot be true, in words for staff. They would be drawn and added up for years, so a snapshot that brings them is refused
/// like any other that contradicts itself.
/// </summary>
static class UnusableFigures
{
    const decimal MostMoney = 10_000_000_000;
    static readonly DateOnly First = new(2000, 1, 1);

    /// <returns>null if they are usable.</returns>
    public static string? Why(IReadOnlyList<DayFigures> figures, DateTimeOffset takenAt)
    {
        // No zone is further ahead of UTC.
        var last = DateOnly.FromDateTime(takenAt.UtcDateTime.AddHours(14));
        if (figures.Count > DayFigures.Most)
            return $"{figures.Count} days, and {DayFigures.Most} are the most";
        var days = new HashSet<DateOnly>();
        foreach (var day in figures)
            if (day is null)
                return "a day is null";
            else if (day.Day < First || day.Day > last)
                return $"{day.Day:yyyy-MM-dd} is not a day that is over";
            else if (!days.Add(day.Day))
                return $"{day.Day:yyyy-MM-dd} is there twice";
            else if (day is { Families: < 0 } or { ActiveEnrollments: < 0 } or { NewEnrollments: < 0 } or { Drops: < 0 })
                return $"a count of {day.Day:yyyy-MM-dd} is negative";
            else if (day.Deposits is { } money && (Math.Abs(money) >= MostMoney || decimal.Round(money, 2) != money))
                return $"the deposits of {day.Day:yyyy-MM-dd} are no amount with two decimals";
        return null;
    }
}
