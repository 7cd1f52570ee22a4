using System.Security.Cryptography;
using EnterprisePortal.ServiceDefaults.Requests;
using Microsoft.AspNetCore.DataProtection;

namespace EnterprisePortal.Gateway.Security;

/// <summary>
/// Some addresses of the portal contain a caller's number. It never appears in a Referer, and during the sign-in, when one address is part
/// of others, it is encrypted.
/// </summary>
public sealed class CallersNumber(IDataProtectionProvider protection)
{
    const char Hidden = '~';
    static readonly TimeSpan Life = TimeSpan.FromMinutes(15);
    readonly ITimeLimitedDataProtector protector = protection.CreateProtector("EnterprisePortal.Gateway.ReturnUrl")
        .ToTimeLimitedDataProtector();

    public static bool IsIn(HttpRequest request) =>
        request.Path.Value!.Contains("/phone-search-link/", StringComparison.OrdinalIgnoreCase)
            || !string.IsNullOrEmpty(request.Query["phone"]);

    public string Hide(string returnUrl) => Hidden + protector.Protect(returnUrl, Life);

    /// <returns>The address that was hidden; the home page if it is too old; any other address unchanged.</returns>
    public string? Show(string? returnUrl)
    {
        if (returnUrl is not [Hidden, ..])
            return returnUrl;
        try
        {
            return protector.Unprotect(returnUrl[1..]);
        }
        catch (CryptographicException)
        {
            return LocalAddress.Home;
        }
    }
}
