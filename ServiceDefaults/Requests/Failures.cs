using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.Requests;

/// <summary>Whose mistake an exception is. One that the caller made is answered 4xx and is nothing for the log.</summary>
public static class Failures
{
    /// <param name="page">Drawn for browsers; null: problem details for everybody.</param>
    public static ExceptionHandlerOptions Handler(string? page = null) => new()
    {
        ExceptionHandlingPath = page,
        CreateScopeForErrors = page is not null,
        StatusCodeSelector = e => Mistake(e) ?? StatusCodes.Status500InternalServerError,
        SuppressDiagnosticsCallback = context => Mistake(context.Exception) is not null
    };

    /// <returns>The status it is refused with; null: the failure is ours.</returns>
    static int? Mistake(Exception e) => e switch
    {
        BadHttpRequestException mistake => mistake.StatusCode,
        AntiforgeryValidationException => StatusCodes.Status400BadRequest,
        DbUpdateException { InnerException: PostgresException inner } => Mistake(inner),
        // A text with U+0000, which no name has and PostgreSQL does not keep.
        PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter } =>
            StatusCodes.Status400BadRequest,
        _ => null
    };
}
