using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace EnterprisePortal.ServiceDefaults.Requests;

/// <summary>
/// What nobody can read is refused before anybody tries; what turns out unreadable later is the caller's mistake too
/// (<see cref="Failures"/>). Either ends as problem details, or as the application's error page.
/// </summary>
static class ReadableRequests
{
    static readonly string[] unreadable = ["This holds a character that nobody can type (U+0000)."];

    public static void UseReadableRequests(this WebApplication app)
    {
        var limits = app.Services.GetRequiredService<IOptions<FormOptions>>().Value;
        app.Use((http, next) =>
        {
            // The error page is drawn for the request that was refused: it is not looked at again.
            if (http.Features.Get<IFormFeature>() is ReadableForm)
                return next(http);
            http.Features.Set<IFormFeature>(new ReadableForm(http.Request, limits));
            if (Refusal(http.Request) is not { } status)
                return next(http);
            http.Response.StatusCode = status;
            http.Items[nameof(ReadableRequests)] = http.Request.Query
                .Where(field => field.Value.Any(value => value?.Contains('\0') == true))
                .ToDictionary(field => field.Key, _ => unreadable);
            return Task.CompletedTask;
        });
    }

    /// <summary>Which fields of the query could not be read; for the problem details.</summary>
    public static Dictionary<string, string[]>? Unreadable(HttpContext http) =>
        http.Items[nameof(ReadableRequests)] is Dictionary<string, string[]> { Count: > 0 } fields ? fields : null;

    static int? Refusal(HttpRequest request)
    {
        // U+0000 stands in no name, and PostgreSQL does not keep it.
        if (request.Path.Value!.Contains('\0') || request.QueryString.Value!.Contains("%00", StringComparison.Ordinal))
            return StatusCodes.Status400BadRequest;
        // A proxy's X-Forwarded-Proto: an address of ours that is built on it has to be one.
        if (!request.Scheme.Equals(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase)
            && !request.Scheme.Equals(Uri.UriSchemeHttp, StringComparison.OrdinalIgnoreCase))
            return StatusCodes.Status400BadRequest;
        // DELETE …/sessions/ is what a program sends that has lost the id. It is not …/sessions, which means all of them.
        if (request.Path.Value is [_, .., '/']
            && !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)))
            return StatusCodes.Status404NotFound;
        return IsKnown(request.ContentType) ? null : StatusCodes.Status415UnsupportedMediaType;
    }

    /// <summary>Whether the body's letters can be read. What kind of body it is, its reader decides.</summary>
    static bool IsKnown(string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || type.Charset.Length == 0)
            return true;
        try
        {
            _ = Encoding.GetEncoding(HeaderUtilities.RemoveQuotes(type.Charset).ToString());
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException) // utf-7 is known, and not supported on purpose
        {
            return false;
        }
    }
}
