using System.Globalization;
using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;

namespace EnterprisePortal.Gateway.Pages.Parts;

/// <summary>What can be asked of each of the six reports: the names are those of <see cref="ReportParameters"/> in JSON.</summary>
public static class ReportFilters
{
    /// <param name="Type">Of the HTML input; <c>checkbox</c> is a boolean.</param>
    public sealed record Field(string Name, string Label, string Type = "text", bool Required = false, IReadOnlyList<(string Value, string Label)>? Choices = null);

    static readonly (string, string) Any = ("", "Any");
    static readonly (string, string)[]
        Types = [Any, ("active", "Active"), ("trial", "Trial"), ("make-up", "Make Up"), ("single-day", "Single Day"), ("wait", "Wait")],
        Methods = [Any, ("cash", "Cash"), ("check", "Check"), ("card", "Card"), ("bank", "Bank")],
        Statuses = [Any, ("active", "Enrolled on that day"), ("inactive", "Not enrolled on that day")];
    static readonly Field[] Dates = [new("from", "From", "date", true), new("to", "To", "date", true)];
    static readonly Field Program = new("program", "Program"), Level = new("level", "Level"), Category = new("category", "Charge category");

    public static IReadOnlyList<Field> Of(string report) => report switch
    {
        "CLA-5" => [.. Dates, Program, Level, new("class", "Class"), new("dropReason", "Drop reason")],
        "CLA-9" => [.. Dates, new("mode", "Enrolments", Choices: [("created", "created in these days"), ("starting", "starting in these days")]), Program, Level, new("type", "Type", Choices: Types)],
        "FIN-1" => [new("asOf", "As of", "date", true), Program, Category, new("enrollmentStatus", "Enrolment", Choices: Statuses), new("onlyPastDue", "Only past due", "checkbox"), new("split", "1–15 and 16–30 apart", "checkbox")],
        "FIN-2" => [.. Dates, new("paymentMethod", "Payment method", Choices: Methods), Program, new("staff", "Staff")],
        "FIN-4" => [.. Dates, new("creditTypes", "Credit types")],
        "FIN-6" => [.. Dates, Category, Program, new("family", "Family"), new("allCollected", "Include all collected payments", "checkbox")],
        _ => []
    };

    /// <summary>Without the dates, which a schedule works out at each run.</summary>
    public static IReadOnlyList<Field> Undated(string report) => [.. Of(report).Where(field => field.Type != "date")];

    /// <returns>As the service wants it: blank fields left out, ticks as <c>true</c>.</returns>
    public static IReadOnlyDictionary<string, object> Read(IReadOnlyList<Field> fields, IFormCollection form) =>
        fields.Where(field => !string.IsNullOrWhiteSpace(form[field.Name])).ToDictionary(field => field.Name, field => field.Type == "checkbox" ? true : (object)form[field.Name].ToString().Trim());

    /// <summary><c>1 Oct 2025 – 31 Oct 2025, program Recreational</c></summary>
    public static string InWords(ReportParameters parameters)
    {
        var said = new List<string>();
        if (parameters.From is { } from && parameters.To is { } to)
            said.Add($"{Day(from)} – {Day(to)}");
        if (parameters.AsOf is { } day)
            said.Add($"as of {Day(day)}");
        foreach (var filter in JsonSerializer.SerializeToElement(parameters, JsonSerializerOptions.Web).EnumerateObject())
            if (filter.Name is not ("from" or "to" or "asOf") && Labels.TryGetValue(filter.Name, out var label) && filter.Value.ValueKind is JsonValueKind.String or JsonValueKind.True)
                said.Add(filter.Value.ValueKind == JsonValueKind.True ? label : $"{label} {filter.Value}");
        return said.Count == 0 ? "No filters" : string.Join(", ", said) is var words ? char.ToUpperInvariant(words[0]) + words[1..] : "";
    }

    static readonly Dictionary<string, string> Labels = ReportCatalogue.All.SelectMany(report => Of(report.Code)).DistinctBy(field => field.Name)
        .ToDictionary(field => field.Name, field => field.Label.ToLowerInvariant());

    static string Day(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
}
