using EnterprisePortal.Gateway.Clients;
using EnterprisePortal.Gateway.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Gateway.Pages;

/// <summary>
/// The common part of all buttons: check that the form is ours, let a service do the work as the person, then return to a page; a refusal
/// becomes a page with its sentence.
/// </summary>
static class Forms
{
    public static Task<Results<RedirectHttpResult, StatusCodeHttpResult, ProblemHttpResult>> Send<T>(
        HttpContext http, IAntiforgery antiforgery, string back, Func<IFormCollection, Task<Answer<T>>> send) where T : class =>
        Send(http, antiforgery, () => back, send);

    /// <param name="back">Called when the work is done.</param>
    public static async Task<Results<RedirectHttpResult, StatusCodeHttpResult, ProblemHttpResult>> Send<T>(
        HttpContext http, IAntiforgery antiforgery, Func<string> back, Func<IFormCollection, Task<Answer<T>>> send) where T : class
    {
        if (!await Csrf.IsOurs(http, antiforgery))
            return Csrf.Refusal;
        var sent = await send(await http.Request.ReadFormAsync(http.RequestAborted));
        if (sent.Problem is null)
            return TypedResults.Redirect(back());
        http.Items[ErrorPages.Words] = sent.Errors?.Values.FirstOrDefault()?.FirstOrDefault() ?? sent.Problem;
        return TypedResults.StatusCode(sent.Status);
    }

    /// <summary>Where a form is posted: for people with a session, with the rate limit of pages.</summary>
    public static RouteHandlerBuilder MapForm(this WebApplication app, string path, Delegate handler, string access = Access.SignedIn) =>
        app.MapPost(path, handler).RequireAuthorization(access).RequireRateLimiting(RateLimits.Pages);
}
