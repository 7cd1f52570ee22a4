using System.Net;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.ServiceDiscovery;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace EnterprisePortal.Gateway;

/// <summary>
/// <c>https+http://search</c> becomes one destination per replica that service discovery names, and follows its changes.
/// (Microsoft.Extensions.ServiceDiscovery.Yarp does the same; it is not on every feed.)
/// </summary>
sealed class Destinations(ServiceEndpointResolver services) : IDestinationResolver
{
    public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, DestinationConfig>();
        var changes = new List<IChangeToken>();
        foreach (var (service, destination) in destinations)
        {
            var source = await services.GetEndpointsAsync(destination.Address, cancellationToken);
            changes.Add(source.ChangeToken);
            foreach (var endpoint in source.Endpoints)
            {
                var address = Address(endpoint.EndPoint);
                found[$"{service} {address}"] = destination with { Address = address };
            }
        }
        return new(found, new CompositeChangeToken(changes));
    }

    /// <summary>Configuration gives whole URLs; a name that only DNS knows comes back as a host.</summary>
    static string Address(EndPoint endpoint) => endpoint is DnsEndPoint dns
        ? $"http://{dns.Host}{(dns.Port is 0 ? "" : $":{dns.Port}")}"
        : endpoint.ToString()!;
}
