using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using OpenIddict.EntityFrameworkCore.Models;

namespace EnterprisePortal.Identity;

/// <summary>
/// A redirect address must match the registered one character by character. OpenIddict normalizes the addresses of native applications, so
/// that <c>http://2130706433/x/../callback</c> equals the loopback's <c>/callback</c>; here they may differ by their port only
/// (https://www.rfc-editor.org/rfc/rfc8252#section-7.3).
/// </summary>
public sealed partial class ExactRedirects(
    IOpenIddictApplicationCache<OpenIddictEntityFrameworkCoreApplication> cache, ILogger<ExactRedirects> log,
    IOptionsMonitor<OpenIddictCoreOptions> options, IOpenIddictApplicationStore<OpenIddictEntityFrameworkCoreApplication> store)
    : OpenIddictApplicationManager<OpenIddictEntityFrameworkCoreApplication>(cache, log, options, store)
{
    public override async ValueTask<bool> ValidateRedirectUriAsync(OpenIddictEntityFrameworkCoreApplication application, string uri,
        CancellationToken cancellationToken = default)
    {
        var known = await GetRedirectUrisAsync(application, cancellationToken);
        return known.Contains(uri, StringComparer.Ordinal)
            || await HasApplicationTypeAsync(application, OpenIddictConstants.ApplicationTypes.Native, cancellationToken)
                && known.Contains(LoopbackPort().Replace(uri, "${host}"), StringComparer.Ordinal);
    }

    [GeneratedRegex(@"^(?<host>http://127\.0\.0\.1):[1-9][0-9]{0,4}(?=/)", RegexOptions.ExplicitCapture)]
    private static partial Regex LoopbackPort();
}
