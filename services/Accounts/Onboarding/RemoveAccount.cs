using System.Net;
using EnterprisePortal.Accounts.Groups;
using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Accounts.Onboarding;

/// <summary>
/// Removes an account. The account is told first, since nobody gets a token for it afterwards: it ends its pairing and its restrictions.
/// Then it leaves the directory, and <see cref="AccountRemoved"/> deletes its data everywhere else. Repeated, it is a 404; if the first
/// attempt died after the account was told, the account no longer knows the portal, and the second attempt needs <c>anyway</c>.
/// </summary>
public static class RemoveAccount
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    public static void Map(RouteGroupBuilder accounts) =>
        accounts.MapDelete("/{code}", Handle).RequireAuthorization(Policies.Admin).WithName(nameof(RemoveAccount));

    /// <param name="anyway">Remove it even if the account cannot be told.</param>
    static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        string code, bool? anyway, AccountsDb db, AccountApiClient accounts, DirectoryChange change, DirectoryReplica directory,
        Person person, ActivityRecorder activities, TimeProvider clock, CancellationToken cancel)
    {
        if (directory.Of(person.GroupId) is not { } known || !known.Sees(code, person.GroupId))
            return TypedResults.NotFound();
        if (!known.IsRootAdmin(person))
            return OnboardingRefusals.RootAdminOnly();
        var refusal = await Release(accounts, known.Accounts[code], cancel);
        if (refusal is not null && anyway != true)
            return Refusal.Of("account-not-released",
                $"{refusal} It must be told that it is released: otherwise it keeps its pairing and the enterprise's restrictions.");

        var enterprise = await change.Begin(known.Id, CancellationToken.None);
        if (enterprise?.Accounts.ContainsKey(code) != true)
            return TypedResults.NotFound();
        var account = await db.Accounts.SingleAsync(row => row.Code == code, CancellationToken.None);
        // Deleting the root's row cascades to the rows of all groups.
        await db.GroupAccounts.Where(row => row.AccountCode == code && row.ParentId == null).ExecuteDeleteAsync(CancellationToken.None);
        await db.GroupAccounts.Where(row => row.AccountCode == code).ExecuteDeleteAsync(CancellationToken.None);
        db.Remove(account);
        db.Publish(new AccountRemoved(known.Id, code, clock.GetUtcNow()));
        db.Publish(activities.Of(person, AuditActions.AccountRemoved, account.Name, code,
            new { before = new { account.Owner, account.Contact, account.BaseUrl, account.Status }, released = refusal is null }));
        await change.Commit(CancellationToken.None);
        return TypedResults.NoContent();
    }

    /// <returns>Why the account could not be told; null: it was told, or has no such endpoint.</returns>
    static async Task<string?> Release(AccountApiClient accounts, AccountState account, CancellationToken cancel)
    {
        try
        {
            using var answer = await accounts.Send(account, new(HttpMethod.Post, "release"), Deadline, cancel);
            return answer.IsSuccessStatusCode || answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone ? null
                : $"The account refused to be released ({(int)answer.StatusCode}).";
        }
        catch (AccountUnavailable e)
        {
            return e.Message;
        }
    }
}
