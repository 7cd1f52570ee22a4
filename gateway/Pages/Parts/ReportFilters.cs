using System.Globalization;
using EnterprisePortal.Contracts.AccountApi;

namespace EnterprisePortal.Gateway.Pages.Parts;

/// <summary>The parameters of a run or schedule, in words.</summary>
public static class ReportFilters
{
    /// <summary><c>1 Oct 2025 – 31 Oct 2025, program Recreational</c></summary>
    public static string InWords(string report, ReportParameters parameters)
    {
        var said = new List<string>();
        if (parameters.From is { } from && parameters.To is { } to)
            said.Add($"{Day(from)} – {Day(to)}");
        if (parameters.AsOf is { } day)
            said.Add($"as of {Day(day)}");
        foreach (var (label, value) in ReportCatalogue.Find(report)?.InWords(parameters) ?? [])
            said.Add(value is null ? label.ToLowerInvariant() : $"{label.ToLowerInvariant()} {value}");
        if (said.Count == 0)
            return "No filters";
        var words = string.Join(", ", said);
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    /// <summary><c>October 2026</c>, <c>1 Oct 2026 – 15 Oct 2026</c> or <c>as of 31 Oct 2026</c>.</summary>
    public static string Period(ReportParameters parameters) => parameters switch
    {
        { From: { Day: 1 } from, To: { } to } when to == from.AddMonths(1).AddDays(-1) =>
            from.ToString("MMMM yyyy", CultureInfo.InvariantCulture),
        { From: { } from, To: { } to } => from == to ? Day(from) : $"{Day(from)} – {Day(to)}",
        { AsOf: { } day } => $"as of {Day(day)}",
        _ => ""
    };

    static string Day(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
}
