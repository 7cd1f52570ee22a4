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

    static string Day(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
}
