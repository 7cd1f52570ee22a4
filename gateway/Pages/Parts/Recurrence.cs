using System.Globalization;
using EnterprisePortal.Contracts.AccountApi;

namespace EnterprisePortal.Gateway.Pages.Parts;

/// <summary>When a schedule runs and which dates its report then covers, in words.</summary>
static class Recurrence
{
    /// <summary><c>week-1</c> is each Monday, <c>month-28</c> the 28th of each month.</summary>
    public static readonly IReadOnlyList<FilterChoice>
        Weekly = [.. Enumerable.Range(1, 7).Select(day => new FilterChoice($"week-{day}", $"Each {Name(day)}"))],
        Monthly = [.. Enumerable.Range(1, 28).Select(day => new FilterChoice($"month-{day}", $"{Ordinal(day)} of each month"))];

    public static string Covers(string covers) =>
        Enum.GetValues<ReportDates>().SelectMany(ReportCatalogue.Coverings).FirstOrDefault(known => known.Value == covers)?.Words ?? covers;

    /// <summary><c>Each Monday at 6:00</c></summary>
    public static string InWords(string every, int day) =>
        every == "week" ? $"Each {Name(day)} at 6:00" : $"Each month on the {Ordinal(day)} at 6:00";

    static string Name(int day) => CultureInfo.InvariantCulture.DateTimeFormat.DayNames[day % 7];

    static string Ordinal(int day) => $"{day}{(day is 1 or 21 ? "st" : day is 2 or 22 ? "nd" : day is 3 or 23 ? "rd" : "th")}";
}
