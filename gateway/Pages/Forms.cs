using EnterprisePortal.Gateway.Clients;
using EnterprisePortal.Gateway.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Gateway.Pages;

/// <summary>What the buttons of the pages have in common: our own form, done by a service as the person, then back to a page; refused, its sentence on a page.</summary>
static class Forms
{
    public static Task<Results<RedirectHttpResult, StatusCodeHttpResult, ProblemHttpResult>> Send<T>(HttpContext http, IAntiforgery antiforgery, string back, Func<IFormCollection, Task<Answer<T>>> send) where T : class =>
        Send(http, antiforgery, () => back, send);

    /// <param name="back">Asked when it is done.</param>
    public static async Task<Results<RedirectHttpResult, StatusCodeHttpResult, ProblemHttpResult>> Send<T>(HttpContext http, IAntiforgery antiforgery, Func<string> back, Func<IFormCollection, Task<Answer<T>>> send) where T : class
    {
        if (!await Csrf.IsOurs(http, antiforgery))
            return Csrf.Refusal;
        var sent = await send(await http.Request.ReadFormAsync(http.RequestAborted));
        if (sent.Problem is null)
            return TypedResults.Redirect(back());
        http.Items[ErrorPages.Words] = sent.Errors?.Values.FirstOrDefault()?.FirstOrDefault() ?? sent.Problem;
        return TypedResults.StatusCode(sent.Status);
    }

    /// <summary>Where a form goes: for people with a session, as often as they open pages.</summary>
    public static RouteHandlerBuilder MapForm(this WebApplication app, string path, Delegate handler, string access = Access.SignedIn) =>
        app.MapPost(path, handler).RequireAuthorization(access).RequireRateLimiting(RateLimits.Pages);
}
