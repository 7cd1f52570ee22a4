using System.Net;
using System.Net.Sockets;

namespace EnterprisePortal.OfficePortal.SignIn;

/// <summary>Who is counted as one client where attempts are counted.</summary>
static class ClientAddress
{
    /// <summary><c>203.0.113.7</c>, <c>2001:db8:7:7::</c>: whoever has one IPv6 address has the 2⁶⁴ of its network.</summary>
    public static string Of(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress;
        if (address is { IsIPv4MappedToIPv6: true })
            address = address.MapToIPv4();
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6 })
            return $"{address}";
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return $"{new IPAddress(bytes)}";
    }
}
