using System.Net;
using System.Net.Sockets;

namespace EnterprisePortal.OfficePortal.SignIn;

/// <summary>What counts as one client when attempts are counted.</summary>
static class ClientAddress
{
    /// <summary><c>203.0.113.7</c>, <c>2001:db8:7:7::</c>: a client with one IPv6 address has all 2⁶⁴ of its network.</summary>
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
