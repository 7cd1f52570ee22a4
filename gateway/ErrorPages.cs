using System.Net.Mime;
using EnterprisePortal.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Diagnostics;

namespace EnterprisePortal.Gateway;

/// <summary>A browser gets a page where a program gets problem details, whoever refused: the gateway or a service behind it.</summary>
public static class ErrorPages
{
    /// <summary>In <see cref="HttpContext.Items"/>: the refusing service's sentence for staff.</summary>
    public const string Words = "error-words";

    public static bool WantsPage(HttpRequest request) =>
        !request.Path.StartsWithSegments("/api") && request.Headers.Accept.ToString().Contains(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase);

    public static void UseErrorPages(this WebApplication app) => app.UseWhen(http => WantsPage(http.Request), pages =>
    {
        pages.UseExceptionHandler(Failures.Handler("/error/500"));
        pages.UseStatusCodePagesWithReExecute("/error/{0}", createScopeForStatusCodePages: true);
        // Drawn for a form that was refused, the page is still one that is opened: its form is none of the page's.
        pages.Use((http, next) =>
        {
            if (IsErrorPage(http))
                http.Request.Method = HttpMethods.Get;
            return next(http);
        });
    });

    static bool IsErrorPage(HttpContext http) =>
        http.Features.Get<IExceptionHandlerFeature>() is not null || http.Features.Get<IStatusCodeReExecuteFeature>() is not null;

    /// <summary>
    /// A page's form without its token, or of no page: refused before Blazor answers with words for its developers.
    /// Buttons that are not Blazor's look themselves (<see cref="Security.Csrf"/>).
    /// </summary>
    public static void UseFormRefusals(this WebApplication app) => app.Use((http, next) =>
    {
        if (IsErrorPage(http) || http.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: false }
            || http.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is null)
            return next(http);
        http.Response.StatusCode = StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    });
}
