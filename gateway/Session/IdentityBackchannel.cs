using EnterprisePortal.ServiceDefaults.SignIn;

namespace EnterprisePortal.Gateway.Session;

/// <summary>
/// Identity's public address is the gateway's own. Calls from here to there go straight to Identity inside the cluster,
/// so that the gateway never waits for itself.
/// </summary>
sealed class IdentityBackchannel(IConfiguration configuration) : DelegatingHandler
{
    public const string Client = "identity-backchannel";
    readonly Uri portal = new(configuration.PortalUrl());

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri!;
        if (portal.IsBaseOf(address))
            request.RequestUri = new($"https+http://identity{address.PathAndQuery}");
        return base.SendAsync(request, cancellationToken);
    }
}

static class IdentityBackchannelExtensions
{
    internal static void AddIdentityBackchannel(this WebApplicationBuilder builder)
    {
        builder.Services.AddTransient<IdentityBackchannel>();
        builder.Services.AddHttpClient(IdentityBackchannel.Client, http => http.BaseAddress = new(builder.Configuration.PortalUrl()))
            // First in line, so that service discovery comes after it.
            .ConfigureAdditionalHttpMessageHandlers(
                (handlers, services) => handlers.Insert(0, services.GetRequiredService<IdentityBackchannel>()));
    }
}
