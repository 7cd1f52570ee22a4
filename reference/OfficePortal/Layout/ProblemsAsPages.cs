namespace EnterprisePortal.OfficePortal.Layout;

/// <summary>
/// Any failure outside a handler (an unknown address, an exception, a form without its token) ends in a page of this application with its
/// red bar; programs get problem details. Registered before all other writers, since the first one that can, writes.
/// </summary>
sealed class ProblemsAsPages : IProblemDetailsWriter
{
    static readonly string[] Programs =
        ["/api/", "/enterprise/pair", "/enterprise/backchannel-logout", "/_faults", "/openapi", "/health", "/alive"];

    public bool CanWrite(ProblemDetailsContext context) =>
        !Programs.Any(path => context.HttpContext.Request.Path.Value!.Contains(path, StringComparison.OrdinalIgnoreCase));

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var status = context.HttpContext.Response.StatusCode;
        var (title, words) = status switch
        {
            StatusCodes.Status404NotFound => ("There is no such page", "The address is wrong, or what it named is not in this account."),
            StatusCodes.Status400BadRequest =>
                ("That did not work", "The form was out of date or incomplete. Go back, reload the page and try again."),
            StatusCodes.Status405MethodNotAllowed => ("That did not work", "This address cannot be opened like this."),
            StatusCodes.Status413PayloadTooLarge => ("That was too much", "What you sent is larger than this application accepts."),
            StatusCodes.Status415UnsupportedMediaType => ("That cannot be read", "What you sent is not what this address takes."),
            StatusCodes.Status429TooManyRequests => ("Too many attempts", "Wait a minute and try again."),
            _ => ("Something went wrong", "It is our fault and nothing was changed by halves. Try again in a moment.")
        };
        await ProblemPage.Of(status, title, words).ExecuteAsync(context.HttpContext);
    }
}
