using EnterprisePortal.Contracts;
using Microsoft.Extensions.ServiceDiscovery;

namespace EnterprisePortal.Gateway.Clients;

/// <summary>What each replica runs, as its own <c>/health</c> says: <c>Healthy 1.4.0+5d5b4cb0</c>.</summary>
public sealed class ReplicaVersions(ServiceEndpointResolver resolver, IHttpClientFactory clients)
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    public sealed record Replica(string Service, string Address, string Says);

    public async Task<IReadOnlyList<Replica>> Read(CancellationToken cancel) =>
        [.. (await Task.WhenAll(PortalServices.All.Select(service => Of(service, cancel)))).SelectMany(replicas => replicas)];

    async Task<Replica[]> Of(string service, CancellationToken cancel)
    {
        var found = await resolver.GetEndpointsAsync($"https+http://{service}", cancel);
        return await Task.WhenAll(found.Endpoints.Select(
            async endpoint => new Replica(service, $"{endpoint}", await Ask(endpoint, cancel))));
    }

    async Task<string> Ask(ServiceEndpoint endpoint, CancellationToken cancel)
    {
        using var http = clients.CreateClient(nameof(ReplicaVersions));
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(Deadline);
        try
        {
            var address = $"{endpoint}" is var text && text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
            using var answer = await http.GetAsync(new Uri(new Uri(address), "/health"), late.Token);
            return await answer.Content.ReadAsStringAsync(late.Token);
        }
        catch (Exception e) when (e is HttpRequestException || e is OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return "No answer";
        }
    }
}
