using EnterprisePortal.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Identity.Users;

static class UserRefusals
{
    public static ProblemHttpResult LastAdmin() =>
        Refusal.Of("last-admin", "This is the last active Admin of the enterprise. Make somebody else an Admin first.");

    public static ProblemHttpResult Own() => Refusal.Of("own-level", "Nobody changes their own level, group or status. Ask another Admin.");

    public static ProblemHttpResult NoLongerAdmin() =>
        Refusal.Of("no-longer-admin", "You are no longer an Admin.", StatusCodes.Status403Forbidden);

    public static ProblemHttpResult EmailTaken(string email) => Refusal.Of("email-taken", $"{email} is already a user of your enterprise.");
}
