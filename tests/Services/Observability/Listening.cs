using EnterprisePortal.Search.Snapshots;
using EnterprisePortal.Tests.Gateway;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Forwarder;

namespace EnterprisePortal.Tests.Observability;

/// <summary>Search at an address of its own, for whoever is to reach it as in production.</summary>
public sealed class ListeningSearch(Servers servers) : Service<ApplySnapshot>(servers)
{
    protected override bool Listens => true;

    public string Address => Instance.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
}

/// <summary>A gateway that forwards to Search over YARP's own connections.</summary>
public sealed class GatewayInFront(Servers servers) : GatewayService(servers)
{
    public ListeningSearch Search { get; } = new(servers);

    public override async ValueTask InitializeAsync()
    {
        await Search.InitializeAsync();
        Settings["services:search:http:0"] = Search.Address;
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Search.DisposeAsync();
    }

    protected override void Replace(IServiceCollection services)
    {
        base.Replace(services);
        services.AddSingleton<IForwarderHttpClientFactory>(new Connections(new TestsNetwork(Outbound)));
    }

    sealed class Connections(IForwarderHttpClientFactory others) : IForwarderHttpClientFactory
    {
        readonly ForwarderHttpClientFactory real = new();

        public HttpMessageInvoker CreateClient(ForwarderHttpClientContext context) =>
            (context.ClusterId == "search" ? real : others).CreateClient(context);
    }
}
