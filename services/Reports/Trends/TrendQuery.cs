using System.ComponentModel.DataAnnotations;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Reports.Trends;

/// <summary>What of Trends is asked for; the same for the page's figures and their CSV.</summary>
/// <param name="Measure">One of <see cref="TrendMeasure.All"/>; absent: families.</param>
/// <param name="Group">Whose accounts: of a group in reach; absent: all in reach.</param>
/// <param name="Account">To be compared: their points are in the answer beside the total's. Six at most.</param>
/// <param name="To">Absent: the last day that an account has a figure of.</param>
/// <param name="From">Absent: so that there are <paramref name="Days"/>.</param>
/// <param name="Days">90, if it is absent too.</param>
/// <param name="By"><c>day</c>, <c>week</c> or <c>month</c>; absent: by the number of days.</param>
// On the property: see PageQuery.
public record TrendQuery(
    string? Measure, Guid? Group, string[]? Account, DateOnly? From, DateOnly? To, [property: Range(1, TrendQuery.Longest)] int? Days,
    string? By)
{
    const int Longest = 1100, MostCompared = 6, ByDefault = 90;
    static readonly DateOnly First = new(2000, 1, 1), Last = new(2200, 1, 1);

    /// <returns>null if it can be answered.</returns>
    public ValidationProblem? Problem() =>
        Measure is not null && TrendMeasure.Find(Measure) is null
            ? Refusal.Invalid("measure", $"A measure is {string.Join(", ", TrendMeasure.All.Select(known => known.Name))}.")
        : By is not (null or Period.Day or Period.Week or Period.Month) ? Refusal.Invalid("by", "Days are taken by day, week or month.")
        : From < First || From > Last ? Refusal.Invalid("from", "Choose a day from 2000 on.")
        : To < First || To > Last ? Refusal.Invalid("to", "Choose a day from 2000 on.")
        : From > To ? Refusal.Invalid("to", "The last day is before the first.")
        : To?.DayNumber - From?.DayNumber >= Longest ? Refusal.Invalid("from", $"Choose {Longest:N0} days at most.")
        : Account?.Distinct().Count() > MostCompared ? Refusal.Invalid("account", $"Compare {MostCompared} accounts at most.")
        : null;

    public TrendMeasure Asked => TrendMeasure.Find(Measure) ?? TrendMeasure.All[0];

    public string[] Compared => Account is null ? [] : [.. Account.Distinct()];

    /// <returns>null if the group, or an account to compare, is not in reach.</returns>
    public string[]? AccountsIn(Reach reach)
    {
        var group = Group is { } id ? reach.Groups.FirstOrDefault(below => below.Id == id) : reach.Group;
        if (Group is not null && group is null || !Compared.All(reach.Contains))
            return null;
        return group is null ? [] : [.. group.Accounts.Where(reach.Contains).Order(StringComparer.Ordinal)];
    }

    /// <param name="newest">The last day that an account has a figure of.</param>
    public (DateOnly From, DateOnly To) Range(DateOnly newest)
    {
        var to = To ?? (From > newest ? From.Value : newest);
        var from = From ?? to.AddDays(1 - (Days ?? ByDefault));
        return (from.DayNumber > to.DayNumber - Longest ? from : to.AddDays(1 - Longest), to);
    }
}

/// <summary>A day, a week from Monday or a month, cut at both ends of what is asked for.</summary>
static class Period
{
    public const string Day = "day", Week = "week", Month = "month";

    /// <summary>Money comes at the turn of the month: by week, half a year of it would be a saw.</summary>
    public static string For(DateOnly from, DateOnly to, bool isSum) =>
        (to.DayNumber - from.DayNumber) switch { < 92 => Day, < 190 => Week, < 400 when !isSum => Week, _ => Month };

    public static List<(DateOnly From, DateOnly To)> Of(string by, DateOnly from, DateOnly to)
    {
        var periods = new List<(DateOnly, DateOnly)>();
        while (from <= to)
        {
            var next = by switch
            {
                Day => from.AddDays(1),
                Week => from.AddDays(7 - ((int)from.DayOfWeek + 6) % 7),
                _ => new DateOnly(from.Year, from.Month, 1).AddMonths(1)
            };
            periods.Add((from, next <= to ? next.AddDays(-1) : to));
            from = next;
        }
        return periods;
    }
}
