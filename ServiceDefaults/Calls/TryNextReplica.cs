using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;

namespace EnterprisePortal.ServiceDefaults.Calls;

/// <summary>
/// Calls to a service of several addresses (<c>services:search:http:0</c>, <c>:1</c>) go to them in turn, and past one that was dead or
/// about to stop a moment ago. A call that cannot have taken effect goes to the next: one that only reads, and any whose connection was
/// never made. Where one address stands for all replicas, whoever owns that address does this.
/// </summary>
sealed class TryNextReplica(Replicas replicas) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = request.RequestUri!;
        if (replicas.Of(asked.Host) is not { Length: > 1 } addresses)
            return await base.SendAsync(request, cancellationToken);
        request.Options.Set(ReplicaSockets.HasAlternative, true);
        foreach (var (tried, address) in replicas.InTurn(addresses).Index())
            try
            {
                request.RequestUri = new(address, asked.PathAndQuery);
                var answer = await base.SendAsync(request, cancellationToken);
                if (answer.Headers.ConnectionClose == true)
                    replicas.Rest(address);
                return answer;
            }
            catch (HttpRequestException e) when (e.StatusCode is null)
            {
                replicas.Rest(address);
                if (tried == addresses.Length - 1 || !CanBeRepeated(request, e))
                    throw;
            }
        throw new InvalidOperationException("There is always a last replica.");
    }

    static bool CanBeRepeated(HttpRequestMessage request, HttpRequestException e) =>
        e.HttpRequestError == HttpRequestError.ConnectionError || request.Method == HttpMethod.Get || request.Method == HttpMethod.Head;
}

/// <summary>The addresses of the services' replicas, and which of them are left alone for a moment.</summary>
sealed class Replicas(IConfiguration configuration, TimeProvider clock)
{
    static readonly TimeSpan RestFor = TimeSpan.FromSeconds(5);
    readonly ConcurrentDictionary<string, Uri[]> known = new();
    readonly ConcurrentDictionary<Uri, DateTimeOffset> resting = new();
    uint turn;

    public Uri[] Of(string service) => known.GetOrAdd(service, name =>
        [.. configuration.GetSection($"services:{name}:http").GetChildren().Select(child => child.Value).OfType<string>()
            .Select(address => new Uri(address))]);

    /// <summary>Those that rest come last: they are better than nobody.</summary>
    public IEnumerable<Uri> InTurn(Uri[] addresses)
    {
        var (first, now) = (Interlocked.Increment(ref turn), clock.GetUtcNow());
        return Enumerable.Range(0, addresses.Length).Select(number => addresses[(first + number) % addresses.Length])
            .OrderBy(address => resting.TryGetValue(address, out var until) && until > now).ToArray();
    }

    public void Rest(Uri address) => resting[address] = clock.GetUtcNow() + RestFor;
}
