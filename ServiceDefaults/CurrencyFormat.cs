using System.Globalization;

namespace EnterprisePortal.ServiceDefaults;

/// <summary>How a spreadsheet shows money: <c>"$"#,##0.00</c>, with the currency of the country the account is in.</summary>
public static class CurrencyFormat
{
    const string WithoutSymbol = "#,##0.00;-#,##0.00";

    /// <param name="countries">ISO 3166 alpha-2. With several currencies no symbol is shown: the account's column tells them apart.</param>
    public static string Of(IEnumerable<string> countries)
    {
        var currencies = countries.Distinct().Select(Currency).DistinctBy(currency => currency.Code).ToArray();
        return currencies is [{ Symbol: { } symbol }] ? $"\"{symbol}\"#,##0.00;-\"{symbol}\"#,##0.00" : WithoutSymbol;
    }

    /// <summary>ISO 4217; null if there is no such country.</summary>
    public static string? Code(string? country) => Currency(country ?? "").Code;

    static (string? Code, string? Symbol) Currency(string country)
    {
        try
        {
            var region = new RegionInfo(country);
            return (region.ISOCurrencySymbol, region.CurrencySymbol);
        }
        catch (ArgumentException)
        {
            return (null, null); // no such country
        }
    }
}
