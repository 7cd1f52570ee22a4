using System.Security.Cryptography;
using EnterprisePortal.ServiceDefaults.Requests;
using Microsoft.AspNetCore.DataProtection;

namespace EnterprisePortal.Gateway.Security;

/// <summary>
/// Some addresses of the portal carry a caller's number. Nobody learns it from a Referer, and on the way through the sign-in, where one
/// address is part of others, it is unreadable.
/// </summary>
public sealed class CallersNumber(IDataProtectionProvider protection)
{
    const char Hidden = '~';
    static readonly TimeSpan Life = TimeSpan.FromMinutes(15);
    readonly ITimeLimitedDataProtector protector = protection.CreateProtector("EnterprisePortal.Gateway.ReturnUrl").ToTimeLimitedDataProtector();

    public static bool IsIn(HttpRequest request) =>
        request.Path.Value!.Contains("/phone-search-link/", StringComparison.OrdinalIgnoreCase) || !string.IsNullOrEmpty(request.Query["phone"]);

    public string Hide(string returnUrl) => Hidden + protector.Protect(returnUrl, Life);

    /// <returns>The address that was hidden; home where it is too old; any other as it is.</returns>
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
