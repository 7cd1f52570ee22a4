namespace EnterprisePortal.Gateway.Clients;

/// <summary>Enterprises of the person who is signed in.</summary>
public sealed class EnterprisesClient(HttpClient http) : ServiceClient(http, "The list of your enterprises")
{
    public record EnterprisePage(IReadOnlyList<Enterprise> Items);

    /// <param name="Status"><c>active</c>, or <c>invited</c>: entering it takes the invitation up.</param>
    /// <param name="Current">The session's.</param>
    public record Enterprise(Guid Id, string Name, string Level, AccountsClient.GroupName Group, string Status, bool Current);

    public Task<Answer<EnterprisePage>> Mine(CancellationToken cancel) => Get<EnterprisePage>("api/me/enterprises", cancel);
}

/// <summary>Enterprises among which somebody who is not signed in yet has to choose; Identity knows them by its own cookie.</summary>
public sealed class EnterpriseChoiceClient(HttpClient http) : ServiceClient(http, "The sign-in")
{
    /// <param name="Continue">The address that waits: with <c>&amp;enterprise={id}</c> it goes on.</param>
    public record Choice(string Continue, IReadOnlyList<EnterprisesClient.Enterprise> Items);

    public Task<Answer<Choice>> Waiting(CancellationToken cancel) => Get<Choice>("connect/enterprises", cancel);
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
