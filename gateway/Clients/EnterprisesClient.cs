using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;

namespace EnterprisePortal.Gateway.Clients;

/// <summary>Enterprises of the signed-in person.</summary>
public sealed class EnterprisesClient(HttpClient http) : ServiceClient(http, "The list of your enterprises")
{
    public Task<Answer<Page<EnterpriseItem>>> Mine(CancellationToken cancel) => Get<Page<EnterpriseItem>>("api/me/enterprises", cancel);
}

/// <summary>
/// Enterprises that a person must choose from before the sign-in is complete; Identity recognizes the person by its own cookie.
/// </summary>
public sealed class EnterpriseChoiceClient(HttpClient http) : ServiceClient(http, "The sign-in")
{
    public Task<Answer<EnterpriseChoice>> Waiting(CancellationToken cancel) => Get<EnterpriseChoice>("connect/enterprises", cancel);
}

sealed class WithIdentitysCookies(IHttpContextAccessor http) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (http.HttpContext is { } context && Forwarding.IdentitysCookies(context) is { } cookies)
            request.Headers.TryAddWithoutValidation("Cookie", cookies);
        return base.SendAsync(request, cancellationToken);
    }
}
