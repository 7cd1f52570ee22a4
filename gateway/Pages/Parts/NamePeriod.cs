using System.Globalization;
using System.Text.RegularExpressions;
using EnterprisePortal.Contracts.Http;

namespace EnterprisePortal.Gateway.Pages.Parts;

/// <summary>
/// Where a name stands in the list: likely slips first, then names without a month, then those with one (<c>2026 April Rec Tuition</c>),
/// the newest year first and its months as in a calendar. Names of the same place stay in the order of the service: by the alphabet.
/// </summary>
static partial class NamePeriod
{
    const string Slips = "Likely slips", Without = "Other names";

    static readonly string[] months = [.. CultureInfo.InvariantCulture.DateTimeFormat.MonthNames[..12]];

    public static IComparer<(int, int, int)> Order { get; } = Comparer<(int, int, int)>.Default;

    public static (int Part, int Year, int Month) Of(NameInReach name) =>
        name.Probably is not null ? (0, 0, 0) : MonthOf(name.Text) is var (year, month) && year > 0 ? (2, -year, month) : (1, 0, 0);

    public static string Section(NameInReach name) => Of(name) switch
    {
        (0, _, _) => Slips,
        (1, _, _) => Without,
        var (_, year, _) => (-year).ToString(CultureInfo.InvariantCulture)
    };

    static (int Year, int Month) MonthOf(string name)
    {
        var year = Year().Match(name);
        var month = Array.FindIndex(months, one => name.Contains(one, StringComparison.OrdinalIgnoreCase)) + 1;
        return year.Success && month > 0 ? (int.Parse(year.Value, CultureInfo.InvariantCulture), month) : (0, 0);
    }

    [GeneratedRegex(@"\b(19|20)\d\d\b")]
    private static partial Regex Year();
}
