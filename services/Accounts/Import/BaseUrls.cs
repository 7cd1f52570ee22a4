using System.Net;
using System.Net.Sockets;
using EnterprisePortal.ServiceDefaults.AccountApi;

namespace EnterprisePortal.Accounts.Import;

/// <summary>
/// Outside Development the portal calls public HTTPS addresses only: nobody can point it at a server in our own network. Checked here for
/// the person who types the address, and enforced on every connection by <see cref="PublicAddresses"/>.
/// </summary>
public static class BaseUrls
{
    /// <returns>The problem with the address, in words; null if it may be used.</returns>
    public static async Task<string?> Problem(string? baseUrl, bool development, CancellationToken cancel)
    {
        if (!Uri.TryCreate(baseUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")
            || url.Query.Length + url.Fragment.Length + url.UserInfo.Length > 0)
            return $"\"{baseUrl}\" is not a base URL. Write it as https://portal.example.com/account.";
        if (baseUrl.EndsWith('/'))
            return $"\"{baseUrl}\" must not end with a slash.";
        if (development)
            return null;
        if (url.Scheme != "https")
            return $"\"{baseUrl}\" must be https.";
        try
        {
            return (await Dns.GetHostAddressesAsync(url.DnsSafeHost, cancel)).All(PublicAddresses.IsPublic) ? null
                : $"\"{baseUrl}\" is not a public address.";
        }
        catch (SocketException)
        {
            return $"\"{baseUrl}\": there is no such host.";
        }
    }

    /// <summary>The account code that an address suggests: the last part of its path, else the first label of its host.</summary>
    /// <example><c>http://localhost:8090/bluedolphin-austin</c>: <c>bluedolphin-austin</c></example>
    public static string SuggestedCode(string baseUrl) =>
        new Uri(baseUrl) is var url && url.AbsolutePath.Trim('/') is { Length: > 0 } path ? path.Split('/')[^1] : url.Host.Split('.')[0];
}
