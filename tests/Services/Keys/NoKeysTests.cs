using EnterprisePortal.Sync;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EnterprisePortal.Tests.Keys;

public class NoKeysTests(Service<ReadAccount> sync) : IClassFixture<Service<ReadAccount>>
{
    /// <summary>What authentication brings along would write one into the home folder of whoever runs the service.</summary>
    [Fact]
    public void A_service_that_protects_nothing_makes_no_key_ring_when_it_starts() =>
        Assert.DoesNotContain(sync.Instance.Services.GetServices<IHostedService>(),
            service => service.GetType().Assembly == typeof(KeyManagementOptions).Assembly);
}
