using System.Globalization;

namespace EnterprisePortal.Gateway.Pages.Parts;

static class Money
{
    /// <summary>A report's figure: <c>$1,234.50</c>, or <c>208</c> where rows are counted.</summary>
    public static string Of(decimal value, string? column, string? currency) =>
        column is null ? value.ToString("N0", CultureInfo.InvariantCulture) : InWords(value, currency);

    /// <param name="currency">ISO 4217; null: not known.</param>
    public static string InWords(decimal value, string? currency)
    {
        var symbol = currency switch
        {
            null => "",
            "USD" => "$",
            "CAD" => "CA$",
            "AUD" => "A$",
            "NZD" => "NZ$",
            "GBP" => "£",
            "EUR" => "€",
            _ => $"{currency} "
        };
        return string.Create(CultureInfo.InvariantCulture, $"{(value < 0 ? "−" : "")}{symbol}{Math.Abs(value):N2}");
    }

    /// <summary><c>+4 %</c>; null where there is nothing to compare with.</summary>
    public static string? Change(decimal now, decimal? before)
    {
        if (before is not { } then || then == 0)
            return null;
        var percent = (now - then) * 100 / Math.Abs(then);
        return Math.Round(percent) == 0 ? "±0 %"
            : string.Create(CultureInfo.InvariantCulture, $"{(percent > 0 ? "+" : "−")}{Math.Abs(percent):N0} %");
    }

    /// <summary><c>28 %</c>; null where parts of both signs make no share.</summary>
    public static string? Share(decimal part, decimal? whole) =>
        whole is > 0 && part >= 0 ? string.Create(CultureInfo.InvariantCulture, $"{part * 100 / whole:N0} %") : null;
}
