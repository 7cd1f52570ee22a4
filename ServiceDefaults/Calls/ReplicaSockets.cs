using System.Net.Sockets;

namespace EnterprisePortal.ServiceDefaults.Calls;

/// <summary>
/// Connections between our own services. A machine that loses its power or its cable says no goodbye: without these limits a call would
/// wait a quarter of an hour for TCP to give up, and no other replica would be tried meanwhile.
/// </summary>
public static class ReplicaSockets
{
    static readonly TimeSpan ToConnect = TimeSpan.FromSeconds(1);
    // Something sent is not acknowledged for so long, or a silent peer does not answer so many probes a second apart.
    const int UnacknowledgedMilliseconds = 4000, SilentSeconds = 3, Probes = 3;
    const int Tcp = 6, TcpUserTimeout = 18; // https://man7.org/linux/man-pages/man7/tcp.7.html

    public static SocketsHttpHandler Handler() => Settle(new SocketsHttpHandler());

    public static SocketsHttpHandler Settle(SocketsHttpHandler handler)
    {
        handler.ConnectTimeout = ToConnect;
        handler.ConnectCallback = Connect;
        return handler;
    }

    static async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, SilentSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 1);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
            if (OperatingSystem.IsLinux())
                socket.SetRawSocketOption(Tcp, TcpUserTimeout, BitConverter.GetBytes(UnacknowledgedMilliseconds));
            await socket.ConnectAsync(context.DnsEndPoint, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
