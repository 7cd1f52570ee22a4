using System.Text.RegularExpressions;

namespace EnterprisePortal.Gateway.Pages.Parts;

static partial class Phones
{
    [GeneratedRegex(@"^\+1(\d{3})(\d{3})(\d{4})$")]
    private static partial Regex NorthAmerican();

    /// <summary><c>+15125550101</c> reads as <c>(512) 555-0101</c>; others stay E.164.</summary>
    public static string Format(string e164) => NorthAmerican().Replace(e164, "($1) $2-$3");
}
