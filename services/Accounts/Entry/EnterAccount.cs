using System.Text.RegularExpressions;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Accounts.Entry;

/// <summary>
/// The key to the left of an account's name: sends the browser to the account, which signs the person in with Identity (OpenID Connect,
/// third-party-initiated login). This check is not final: Identity checks the person again and records the entry.
/// </summary>
public static partial class EnterAccount
{
    // Even a slow account can be entered.
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    [GeneratedRegex(@"^/(families|background-tasks/[A-Za-z0-9_-]{1,64}|settings/(levels|programs|charge-categories))\z")]
    private static partial Regex Page();

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/open/{code}", Handle).RequireAuthorization().WithName(nameof(EnterAccount)).WithTags("Accounts");

    /// <param name="to">A page of the account; absent: its first page. All other parameters are passed on:
    /// <c>?to=/families&amp;phone=%2B15125550101</c>.</param>
    static async Task<Results<RedirectHttpResult, NotFound, ValidationProblem, ProblemHttpResult>> Handle(
        string code, string? to, HttpContext http,
        DirectoryReplica directory, Person person, AccountApiClient accounts, IConfiguration configuration)
    {
        var reach = directory.ReachOf(person);
        if (!reach.Accounts.TryGetValue(code, out var account))
            return TypedResults.NotFound();
        if (to is not null && !Page().IsMatch(to))
            return Refusal.Invalid(
                "to", "The portal opens /families, /background-tasks/{id} and /settings/{levels|programs|charge-categories} only.");
        if (account.Status != AccountState.Active)
            return Refusal.Of($"account-{account.Status}", EntryProblem.InWords(account.Status, null));
        if (reach.Enterprise!.LoginAs(person.GroupId, person.IsAdmin, person.StaffEmail) is not { } loginAs)
            return Refusal.Of(EntryProblem.NoLoginAs, EntryProblem.InWords(EntryProblem.NoLoginAs, null));
        if (await WhySilent(accounts, account, loginAs, http.RequestAborted) is { } why)
            return Refusal.Of($"account-{EntryProblem.Unreachable}", $"{account.Name} cannot be entered: {why} Try again in a moment.",
                StatusCodes.Status503ServiceUnavailable);

        var with = new QueryBuilder(http.Request.Query.Where(parameter => parameter.Key != "to")
            .SelectMany(parameter => parameter.Value, (parameter, value) => KeyValuePair.Create(parameter.Key, value ?? "")));
        var target = new QueryBuilder
            { { "iss", configuration.PortalUrl() }, { "target_link_uri", $"{account.BaseUrl}{to ?? "/"}{with}" } };
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Redirect($"{account.BaseUrl}/enterprise/sign-in{target}");
    }

    /// <summary>A browser sent to an account that does not answer shows its own error, which does not tell the person what to do.</summary>
    /// <returns>Why the account is silent, in words; null if it answers. The content of the answer does not matter: the account itself
    /// decides who may enter.</returns>
    static async Task<string?> WhySilent(AccountApiClient accounts, AccountState account, string loginAs, CancellationToken left)
    {
        try
        {
            await accounts.Get<StaffUser>(account, $"staff/{Uri.EscapeDataString(loginAs)}", Deadline, left);
            return null;
        }
        catch (AccountUnavailable e)
        {
            return e.Message;
        }
    }
}
