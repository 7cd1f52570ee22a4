using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace EnterprisePortal.Local;

static class Ports
{
    static readonly HashSet<int> given = [];

    /// <summary>Below the range that outgoing connections take theirs from: between choosing and listening nobody else gets it.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            if (IsFree(port) && given.Add(port))
                return port;
        }
    }

    /// <exception cref="StartRefused">Names each port that is taken and the setting that changes it.</exception>
    public static void Check(IConfiguration settings)
    {
        var taken = settings.GetSection("Ports").GetChildren().Where(setting => !IsFree(int.Parse(setting.Value!, null))).ToList();
        if (taken.Count > 0)
            throw new StartRefused(string.Join('\n', taken.Select(setting =>
                $"Port {setting.Value} ({setting.Key}) is taken by another program. Stop that, or choose another port with the setting Ports__{setting.Key}.")));
    }

    static bool IsFree(int port)
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
            // The kernel knows IPv6, this machine does not use it; IPv4 was free.
            return true;
        }
    }
}
