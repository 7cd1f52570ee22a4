using System.Net;
using EnterprisePortal.Tests.Gateway;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace EnterprisePortal.Tests.Production;

/// <summary>The gateway as an enterprise runs it, behind a load balancer at 203.0.113.7 and others in 10.1.0.0/16.</summary>
public sealed class ProductionGateway(Servers servers) : GatewayService(servers)
{
    protected override string HostEnvironment => "Production";

    protected override string Portal => "https://portal.example/";

    protected override string SessionCookie => "__Host-portal.gateway.session";

    public override ValueTask InitializeAsync()
    {
        // What is built next to the tests stands for what is published, and is not looked up anew for each request.
        Settings["ReloadStaticAssetsAtRuntime"] = "false";
        Settings["ForwardedHeaders:KnownProxies"] = "203.0.113.7, 10.1.0.0/16";
        return base.InitializeAsync();
    }

    protected override void Replace(IServiceCollection services)
    {
        base.Replace(services);
        var environment = services.Last(service => service.ServiceType == typeof(IWebHostEnvironment)).ImplementationInstance;
        StaticWebAssetsLoader.UseStaticWebAssets((IWebHostEnvironment)environment!, new ConfigurationBuilder().Build());
        services.AddSingleton<IStartupFilter, From>();
    }

    /// <summary>Who is at the other end of the connection, which the test host does not know.</summary>
    internal sealed class From : IStartupFilter
    {
        public const string Header = "Test-From";

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, rest) =>
            {
                http.Connection.RemoteIpAddress = IPAddress.Parse(http.Request.Headers[Header] is [{ } address] ? address : "198.51.100.9");
                return rest(http);
            });
            next(app);
        };
    }
}
