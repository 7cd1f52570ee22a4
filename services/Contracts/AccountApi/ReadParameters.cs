using System.Globalization;
using System.Text.Json;

namespace EnterprisePortal.Contracts.AccountApi;

/// <summary>
/// Reads a report's parameters by its entry in the catalogue: an unknown name, an unknown choice, or a value of the wrong type would
/// silently give a wrong report, so each is an error under its own name. Names of programs, staff and the like differ from account to
/// account and are not checked.
/// </summary>
public static class ReadParameters
{
    const int Longest = 500;
    static readonly (DateOnly First, DateOnly Last) plausible = (new(1900, 1, 1), new(2200, 12, 31));

    /// <param name="Errors">In words, by field; empty: <paramref name="Parameters"/> can be used.</param>
    public sealed record Reading(ReportParameters Parameters, IReadOnlyDictionary<string, string[]> Errors);

    /// <param name="given">As JSON. A null or empty value counts as not given; fields of other reports may be null.</param>
    public static Reading Read(this ReportCatalogue.Report report, IReadOnlyDictionary<string, JsonElement>? given)
    {
        var (asked, wrong) = report.ReadFilters(given);
        if (report.Dates == ReportDates.Day)
            return new(asked, wrong);
        var errors = wrong.ToDictionary();
        if (asked.From is null)
            errors.TryAdd("from", ["Give the first date."]);
        if (asked.To is null)
            errors.TryAdd("to", ["Give the last date."]);
        if (asked.From > asked.To)
            errors["to"] = ["The last date lies before the first."];
        return new(asked, errors);
    }

    /// <summary>Without dates, which a schedule works out at each run.</summary>
    public static Reading ReadFilters(this ReportCatalogue.Report report, IReadOnlyDictionary<string, JsonElement>? given)
    {
        var (values, errors) = (new Dictionary<string, object>(), new Dictionary<string, string[]>());
        foreach (var (name, value) in given ?? new Dictionary<string, JsonElement>())
            if (Named(report.Fields, name) is not { } filter)
            {
                if (value.ValueKind != JsonValueKind.Null || !ReportCatalogue.All.Any(other => Named(other.Fields, name) is not null))
                    errors[name] = [NoSuchFilter(report)];
            }
            else if (!IsEmpty(value))
            {
                var (read, problem) = Value(filter, value);
                if (read is null)
                    errors[filter.Name] = [problem!];
                else
                    values[filter.Name] = read;
            }
        return new(JsonSerializer.SerializeToElement(values).Deserialize<ReportParameters>(JsonSerializerOptions.Web)!, errors);
    }

    /// <summary>The filled-in form fields of the report, as JSON would have them.</summary>
    /// <param name="field">Gets a form field by its name.</param>
    public static Dictionary<string, JsonElement> FromForm(IEnumerable<ReportFilter> fields, Func<string, string?> field) =>
        (from filter in fields
         let text = field(filter.Name)
         where !string.IsNullOrWhiteSpace(text)
         let ticked = filter.Kind == FilterKind.Tick && text == "true"
         select (filter.Name, Value: ticked ? JsonSerializer.SerializeToElement(true) : JsonSerializer.SerializeToElement(text)))
        .ToDictionary(given => given.Name, given => given.Value);

    /// <summary>Names that an account must know for the report to be meaningful: <c>creditTypes</c> has several.</summary>
    public static IEnumerable<(ReportFilter Filter, string Name)> NamesIn(this ReportCatalogue.Report report, ReportParameters asked) =>
        report.Filters.SelectMany(filter => filter.Kind switch
        {
            FilterKind.Names => Several(asked[filter] as string),
            FilterKind.Name when asked[filter] is string name => [name],
            _ => []
        }, (filter, name) => (filter, name));

    public static string[] Several(string? text) =>
        text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    static string NoSuchFilter(ReportCatalogue.Report report) =>
        $"{report.Code} has no such filter. It has {string.Join(", ", report.Fields.Select(field => field.Name))}.";

    static ReportFilter? Named(IEnumerable<ReportFilter> filters, string name) =>
        filters.FirstOrDefault(filter => IsSame(filter.Name, name));

    static bool IsEmpty(JsonElement value) =>
        value.ValueKind == JsonValueKind.Null || value.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(value.GetString());

    static (object? Value, string? Problem) Value(ReportFilter filter, JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : null;
        switch (filter.Kind)
        {
            case FilterKind.Date:
                if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                    return (null, "Write the date as 2026-10-31.");
                // Days are counted from this date, and the calendar is finite.
                return day < plausible.First || day > plausible.Last ? (null, "Give a date between 1900 and 2200.") : (day, null);
            case FilterKind.Tick:
                return value.ValueKind is JsonValueKind.True or JsonValueKind.False
                    ? (value.GetBoolean(), null)
                    : (null, "Say true or false.");
            case FilterKind.Choice:
                return filter.Choices.FirstOrDefault(one => IsSame(one.Value, text) || IsSame(one.Words, text)) is { } choice
                    ? (choice.Value, null)
                    : (null, $"Choose one of {string.Join(", ", filter.Choices.Select(one => one.Value))}.");
            default:
                if (text is null)
                    return (null, "Give a text.");
                return text.Length > Longest || text.Any(char.IsControl)
                    ? (null, "This is too long, or has characters that no name has.")
                    : (filter.Kind == FilterKind.Part ? text.Trim() : text, null);
        }
    }

    static bool IsSame(string known, string? given) => known.Equals(given, StringComparison.OrdinalIgnoreCase);
}
