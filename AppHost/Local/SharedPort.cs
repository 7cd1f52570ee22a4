using System.Net;
using System.Net.Sockets;

namespace EnterprisePortal.Local;

/// <summary>
/// One fixed port before several replicas, as Aspire's proxy is: connections go round, past a replica that does not answer.
/// A single replica listens on its fixed port itself.
/// </summary>
sealed class SharedPort(int port, IReadOnlyList<Uri> replicas) : IAsyncDisposable
{
    readonly CancellationTokenSource stop = new();
    readonly List<Task> listening = [];
    int turn;

    public SharedPort Open()
    {
        listening.Add(Listen(new(IPAddress.Loopback, port)));
        if (Socket.OSSupportsIPv6)
            listening.Add(Listen(new(IPAddress.IPv6Loopback, port)));
        return this;
    }

    async Task Listen(TcpListener listener)
    {
        using var closed = listener;
        listener.Start();
        while (!stop.IsCancellationRequested)
            try
            {
                _ = Carry(await listener.AcceptTcpClientAsync(stop.Token));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // A client that left before we took it; or the end, which the loop sees.
            }
    }

    async Task Carry(TcpClient client)
    {
        using var closed = client;
        foreach (var attempt in replicas)
        {
            var replica = replicas[(int)((uint)Interlocked.Increment(ref turn) % replicas.Count)];
            using var server = new TcpClient { NoDelay = client.NoDelay = true };
            try
            {
                await server.ConnectAsync(replica.Host, replica.Port, stop.Token);
            }
            catch (SocketException)
            {
                continue;
            }
            await Task.WhenAll(Copy(client, server), Copy(server, client));
            return;
        }
    }

    async Task Copy(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream(), stop.Token);
            to.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side is gone, so the other has nobody left to talk to.
            from.Close();
            to.Close();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(listening);
        stop.Dispose();
    }
}
