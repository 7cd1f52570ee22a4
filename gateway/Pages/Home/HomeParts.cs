using EnterprisePortal.Gateway.Security;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Gateway.Pages.Home;

/// <summary>
/// One part of <see cref="HomePage"/> as HTML, however long its service takes. Where the service does not answer, the part says so.
/// </summary>
public static class HomeParts
{
    static readonly Dictionary<string, (Type Part, bool AdminsOnly)> All = new()
    {
        ["entries"] = (typeof(BlockedEntriesPart), false),
        ["syncs"] = (typeof(FailedSyncsPart), false),
        ["restrictions"] = (typeof(OpenRestrictionsPart), true),
        ["runs"] = (typeof(FailedRunsPart), false),
        ["slips"] = (typeof(LikelySlipsPart), false),
        ["favorites"] = (typeof(FavoritesPart), false),
        ["recent"] = (typeof(RecentAccountsPart), false),
        ["schedules"] = (typeof(SchedulesPart), false),
        ["people"] = (typeof(PeoplePart), true)
    };

    public static void MapHomeParts(this WebApplication app) =>
        app.MapGet("/home/{part}", Handle)
            .RequireAuthorization(Access.SignedIn).RequireRateLimiting(RateLimits.Pages).WithName(nameof(HomeParts));

    static Results<RazorComponentResult, NotFound, StatusCodeHttpResult> Handle(string part, Person person) =>
        !All.TryGetValue(part, out var one) ? TypedResults.NotFound()
        : one.AdminsOnly && !person.IsAdmin ? TypedResults.StatusCode(StatusCodes.Status403Forbidden)
        : new RazorComponentResult(one.Part, new { Waits = true });
}
