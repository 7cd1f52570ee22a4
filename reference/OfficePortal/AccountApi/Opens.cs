namespace EnterprisePortal.OfficePortal.AccountApi;

/// <summary>Which scopes of a token open a call, any one of them. A call that names none is opened by no token.</summary>
public sealed record Opens(IReadOnlyList<string> Scopes);

public static class OpensExtensions
{
    /// <summary>Constants of <see cref="Contracts.AccountApi.AccountScopes"/>.</summary>
    public static RouteHandlerBuilder OpensWith(this RouteHandlerBuilder call, params string[] scopes) =>
        call.WithMetadata(new Opens(scopes)).ProducesProblem(StatusCodes.Status403Forbidden);
}
