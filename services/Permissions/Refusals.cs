using EnterprisePortal.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Permissions;

static class Refusals
{
    public const string ApplicationAccess =
        "Application Access cannot be removed for everyone, so that nobody is locked out of an account. To take one person's access "
        + "away, set their staff user Inactive in the account.";

    public static ProblemHttpResult NotRemovable => Refusal.Of("application-access", ApplicationAccess);

    public static ProblemHttpResult RemovedAbove(string permission, string group) =>
        Refusal.Of("removed-above", $"{permission} is removed by {group}, a group above this one. Only an Admin there can allow it again.");
}
