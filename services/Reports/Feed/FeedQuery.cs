namespace EnterprisePortal.Reports.Feed;

/// <summary>
/// A feed gives a run as it was made. Somebody who adds <c>?program=Swim</c> to its address believes that they see one program, so a name
/// that the address does not have is refused instead of left aside.
/// </summary>
static class FeedQuery
{
    public static RouteHandlerBuilder OnlyQuery(this RouteHandlerBuilder feed, string known)
    {
        string[] words = [$"This address has no filter but {known}. Set filters where the run is started."];
        return feed.ProducesValidationProblem().AddEndpointFilter(async (call, next) =>
        {
            var unknown = call.HttpContext.Request.Query.Keys
                .Where(name => !name.Equals(known, StringComparison.OrdinalIgnoreCase)).ToArray();
            return unknown.Length == 0 ? await next(call)
                : TypedResults.ValidationProblem(unknown.ToDictionary(name => name, _ => words));
        });
    }
}
