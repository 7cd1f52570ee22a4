namespace EnterprisePortal.Reports.Feed;

/// <summary>
/// A feed returns a run as it was made. A person who adds <c>?program=Swim</c> to its address would believe that they see one program, so
/// an unknown query field is refused instead of ignored.
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
