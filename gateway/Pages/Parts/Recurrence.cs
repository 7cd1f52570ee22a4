using System.Globalization;

namespace EnterprisePortal.Gateway.Pages.Parts;

/// <summary>When a schedule runs and which dates its report then has, in words.</summary>
static class Recurrence
{
    /// <summary><c>week-1</c> is each Monday, <c>month-28</c> the 28th of each month.</summary>
    public static readonly IReadOnlyList<(string Value, string Words)>
        Weekly = [.. Enumerable.Range(1, 7).Select(day => ($"week-{day}", $"Each {Name(day)}"))],
        Monthly = [.. Enumerable.Range(1, 28).Select(day => ($"month-{day}", $"{Ordinal(day)} of each month"))];

    static readonly (string Value, string Words)[]
        ranges = [("last-month", "The month before"), ("last-week", "The week before, Monday to Sunday"), ("last-quarter", "The quarter before"), ("month-to-date", "The month, up to the day before"), ("year-to-date", "The year, up to the day before")],
        days = [("day-before", "As of the day before"), ("run-day", "As of the day it runs"), ("last-month-end", "As of the end of the month before")];

    public static IReadOnlyList<(string Value, string Words)> Of(string report) => report == "FIN-1" ? days : ranges;

    public static string Covers(string covers) => ranges.Concat(days).FirstOrDefault(known => known.Value == covers).Words ?? covers;

    /// <summary><c>Each Monday at 6:00</c></summary>
    public static string InWords(string every, int day) =>
        every == "week" ? $"Each {Name(day)} at 6:00" : $"Each month on the {Ordinal(day)} at 6:00";

    static string Name(int day) => CultureInfo.InvariantCulture.DateTimeFormat.DayNames[day % 7];

    static string Ordinal(int day) => $"{day}{(day is 1 or 21 ? "st" : day is 2 or 22 ? "nd" : day is 3 or 23 ? "rd" : "th")}";
}
