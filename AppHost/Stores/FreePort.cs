using System.Net;
using System.Net.Sockets;

namespace EnterprisePortal.AppHost.Stores;

/// <summary>Ports below the range of outgoing connections: no other process gets one between the choice and the listening.</summary>
static class FreePort
{
    static readonly HashSet<int> given = [];

    /// <summary>Never the same port twice, nor a reserved one.</summary>
    public static int Next(int from = 20_000, int to = 32_000)
    {
        lock (given)
            while (true)
                if (Random.Shared.Next(from, to) is var port && Is(port) && given.Add(port))
                    return port;
    }

    /// <summary>Reserves ports for processes that listen on them later.</summary>
    public static void Keep(IEnumerable<int> ports)
    {
        lock (given)
            given.UnionWith(ports);
    }

    public static bool Is(int port)
    {
        try
        {
            foreach (var address in Socket.OSSupportsIPv6 ? new[] { IPAddress.Loopback, IPAddress.IPv6Loopback } : [IPAddress.Loopback])
            {
                using var listener = new TcpListener(address, port);
                listener.Start();
            }
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            // The kernel knows IPv6, but this machine does not use it; IPv4 was free.
            return true;
        }
    }
}
