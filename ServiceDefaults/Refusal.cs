using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.ServiceDefaults;

/// <summary>
/// A rule of the product refused the request. <c>type</c> is stable for programs, <c>detail</c> is the sentence for staff.
/// </summary>
public static class Refusal
{
    /// <param name="name">Stable: <c>last-admin</c> becomes the type <c>urn:portal:last-admin</c>.</param>
    public static ProblemHttpResult Of(string name, string words, int status = StatusCodes.Status409Conflict) =>
        TypedResults.Problem(words, type: $"urn:portal:{name}", statusCode: status);

    public static ValidationProblem Invalid(string field, string words) =>
        TypedResults.ValidationProblem(new Dictionary<string, string[]> { [field] = [words] });
}
