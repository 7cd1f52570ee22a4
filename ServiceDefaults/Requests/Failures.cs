using EnterprisePortal.ServiceDefaults.Background;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.Requests;

/// <summary>
/// Tells the caller's mistakes from our failures. A mistake of the caller is answered 4xx and not logged. A store, a service or an account
/// that is away is a 503: worth another try, which a 500 is not.
/// </summary>
public static class Failures
{
    /// <param name="page">The error page for browsers; null: problem details for everybody.</param>
    public static ExceptionHandlerOptions Handler(string? page = null) => new()
    {
        ExceptionHandlingPath = page,
        CreateScopeForErrors = page is not null,
        StatusCodeSelector = e => Mistake(e)
            ?? (ExpectedProblems.Sentence(e) is null ? StatusCodes.Status500InternalServerError : StatusCodes.Status503ServiceUnavailable),
        SuppressDiagnosticsCallback = context => Mistake(context.Exception) is not null
    };

    /// <returns>The status of the refusal; null: the failure is ours.</returns>
    static int? Mistake(Exception e) => e switch
    {
        BadHttpRequestException mistake => mistake.StatusCode,
        AntiforgeryValidationException => StatusCodes.Status400BadRequest,
        DbUpdateException { InnerException: PostgresException inner } => Mistake(inner),
        // A text with U+0000, which no name contains and PostgreSQL cannot store.
        PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter } =>
            StatusCodes.Status400BadRequest,
        _ => null
    };
}
