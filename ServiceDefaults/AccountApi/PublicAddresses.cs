using System.Net;
using System.Net.Sockets;

namespace EnterprisePortal.ServiceDefaults.AccountApi;

/// <summary>
/// People type an account's address, and somebody else's DNS resolves its name: outside Development we connect to public addresses only,
/// whatever the name resolved to when the account was registered.
/// </summary>
public static class PublicAddresses
{
    /// <summary>Never follows a redirect: the server that answers for an account must not send us elsewhere.</summary>
    public static SocketsHttpHandler Handler(bool development) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = development,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        EnableMultipleHttp2Connections = true,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectCallback = development ? null : Connect
    };

    /// <exception cref="HttpRequestException">The host does not exist, or none of its addresses is public.</exception>
    static async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var found = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancel);
        var reachable = found.Where(IsPublic).ToArray();
        if (reachable.Length == 0)
            throw new HttpRequestException(HttpRequestError.ConnectionError, $"{context.DnsEndPoint.Host} has no public address.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // Connect to the addresses that were checked, not to the name: it may resolve differently the second time.
            await socket.ConnectAsync(reachable, context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return !(IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6SiteLocal || address.IsIPv6UniqueLocal
                || address.IsIPv6Multicast || address.Equals(IPAddress.IPv6Any)
                // These carry an IPv4 address: compatible, NAT64, 6to4, Teredo.
                || bytes is [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ..] or [0, 0x64, 0xff, 0x9b, ..] or [0x20, 0x02, ..]
                or [0x20, 0x01, 0, 0, ..]);
        return bytes is not ([0 or 10 or 127 or >= 224, ..] or [100, >= 64 and < 128, ..] or [169, 254, ..] or [172, >= 16 and < 32, ..]
            or [192, 168, ..] or [192, 0, 0, _] or [198, 18 or 19, ..]);
    }
}
