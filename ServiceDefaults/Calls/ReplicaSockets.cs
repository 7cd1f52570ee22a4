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

    /// <summary>Another replica can be asked; who else is called may take the time that the caller gives.</summary>
    internal static readonly HttpRequestOptionsKey<bool> HasAlternative = new("portal.has-alternative");

    internal static SocketsHttpHandler Handler() => new()
    {
        ConnectCallback = (context, cancel) =>
            Connect(context, context.InitialRequestMessage.Options.TryGetValue(HasAlternative, out var has) && has, cancel)
    };

    /// <summary>For a handler that calls nobody but our own services.</summary>
    public static void Settle(SocketsHttpHandler handler) =>
        handler.ConnectCallback = (context, cancel) => Connect(context, hasAlternative: true, cancel);

    /// <exception cref="TimeoutException">
    /// Not the handler's own ConnectTimeout, which looks like a caller that has left: this is a connection that was never made.
    /// </exception>
    static async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, bool hasAlternative, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            if (hasAlternative)
            {
                deadline.CancelAfter(ToConnect);
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, SilentSeconds);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 1);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
                if (OperatingSystem.IsLinux())
                    socket.SetRawSocketOption(Tcp, TcpUserTimeout, BitConverter.GetBytes(UnacknowledgedMilliseconds));
            }
            await socket.ConnectAsync(context.DnsEndPoint, deadline.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            socket.Dispose();
            throw new TimeoutException($"{context.DnsEndPoint} did not take the connection in {ToConnect.TotalSeconds} s.", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
