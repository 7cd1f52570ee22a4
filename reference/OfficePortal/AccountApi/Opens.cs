namespace EnterprisePortal.OfficePortal.AccountApi;

/// <summary>The scopes that open a call, any one of them. A call without any cannot be opened.</summary>
public sealed record Opens(IReadOnlyList<string> Scopes);

public static class OpensExtensions
{
    /// <summary>Constants of <see cref="Contracts.AccountApi.AccountScopes"/>.</summary>
    public static RouteHandlerBuilder OpensWith(this RouteHandlerBuilder call, params string[] scopes) =>
        call.WithMetadata(new Opens(scopes)).ProducesProblem(StatusCodes.Status403Forbidden);
}
