using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace EnterprisePortal.ServiceDefaults.Requests;

/// <summary>
/// An unreadable request is refused before a handler sees it; if it turns out to be unreadable later, that is the caller's mistake too
/// (<see cref="Failures"/>). Both end as problem details, or as the application's error page.
/// </summary>
static class ReadableRequests
{
    static readonly string[] unreadable = ["This holds a character that nobody can type (U+0000)."];

    public static void UseReadableRequests(this WebApplication app)
    {
        var limits = app.Services.GetRequiredService<IOptions<FormOptions>>().Value;
        app.Use((http, next) =>
        {
            // The error page is drawn for the refused request, which must not be checked again.
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

    /// <summary>The query fields that could not be read, for the problem details.</summary>
    public static Dictionary<string, string[]>? Unreadable(HttpContext http) =>
        http.Items[nameof(ReadableRequests)] is Dictionary<string, string[]> { Count: > 0 } fields ? fields : null;

    static int? Refusal(HttpRequest request)
    {
        // No name contains U+0000, and PostgreSQL cannot store it.
        if (request.Path.Value!.Contains('\0') || request.QueryString.Value!.Contains("%00", StringComparison.Ordinal))
            return StatusCodes.Status400BadRequest;
        // From a proxy's X-Forwarded-Proto: addresses we build from it must be valid.
        if (!request.Scheme.Equals(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase)
            && !request.Scheme.Equals(Uri.UriSchemeHttp, StringComparison.OrdinalIgnoreCase))
            return StatusCodes.Status400BadRequest;
        // A program that has lost the id sends DELETE …/sessions/. It must not be taken for …/sessions, which means all of them.
        if (request.Path.Value is [_, .., '/']
            && !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)))
            return StatusCodes.Status404NotFound;
        return IsKnown(request.ContentType) ? null : StatusCodes.Status415UnsupportedMediaType;
    }

    /// <summary>Whether the charset is known. The reader of the body decides about its type.</summary>
    static bool IsKnown(string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || type.Charset.Length == 0)
            return true;
        try
        {
            _ = Encoding.GetEncoding(HeaderUtilities.RemoveQuotes(type.Charset).ToString());
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException) // utf-7 is known, and deliberately unsupported
        {
            return false;
        }
    }
}
