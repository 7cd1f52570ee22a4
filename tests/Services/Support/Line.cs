using System.Net;
using System.Net.Sockets;

namespace EnterprisePortal.Tests.Support;

/// <summary>
/// The line to a real server, which is cut at first: nobody answers at its port until it is <see cref="Mended"/>. So a server that all
/// tests share is away for one service alone.
/// </summary>
public sealed class Line : IAsyncDisposable
{
    readonly (string Host, int Port) server;
    readonly CancellationTokenSource end = new();
    TcpListener? listener;

    public Line(string host, int port)
    {
        server = (host, port);
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        Port = ((IPEndPoint)free.LocalEndpoint).Port;
    }

    public int Port { get; }

    public void Mended()
    {
        listener = new(IPAddress.Loopback, Port);
        listener.Start();
        _ = Accept(listener);
    }

    async Task Accept(TcpListener open)
    {
        try
        {
            while (true)
                _ = Carry(await open.AcceptTcpClientAsync(end.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Cut again.
        }
    }

    async Task Carry(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(server.Host, server.Port, end.Token);
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream(), end.Token),
                far.GetStream().CopyToAsync(near.GetStream(), end.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
        {
            // One side is gone, and so is the other.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener?.Dispose();
        end.Dispose();
    }
}
