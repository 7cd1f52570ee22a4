using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Permissions;

/// <summary>
/// "Removes FIN-2 from 14 staff in 6 accounts": the accounts themselves are asked, in parallel; accounts that do not answer are named. A
/// staff user as whom only portal Admins enter loses nothing, since Admins are exempt.
/// </summary>
public static class PreviewImpact
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    public static void Map(RouteGroupBuilder groups) => groups.MapPost("/{groupId:guid}/preview", Handle).WithName(nameof(PreviewImpact));

    static async Task<Results<Ok<RemovalImpact>, NotFound, ProblemHttpResult>> Handle(
        Guid groupId,
        RemovalPreview body,
        DirectoryReplica directory,
        AccountApiClient accounts,
        Person person,
        CancellationToken cancel)
    {
        var reach = directory.ReachOf(person);
        if (reach.Groups.FirstOrDefault(group => group.Id == groupId) is not { } group
            || body.Remove.Any(id => !PermissionCatalogue.ById.ContainsKey(id)))
            return TypedResults.NotFound();
        if (body.Remove.Any(id => !PermissionCatalogue.IsRemovable(id)))
            return Refusals.NotRemovable;

        var asked = group.Accounts.Where(reach.Contains).Select(code => reach.Accounts[code])
            .Where(account => account.Status == AccountState.Active);
        var answers = await Task.WhenAll(asked.Select(account => Ask(accounts, account, body.Remove, cancel)));
        var items = answers.Where(answer => answer.Staff is not null)
            .Select(answer => new AccountImpact(answer.Account.Code, answer.Account.Name,
                [.. answer.Staff!.Where(staff => Loses(reach.Enterprise!, answer.Account, staff))]))
            .Where(item => item.Staff.Count > 0).OrderBy(item => item.AccountName).ToList();
        return TypedResults.Ok(new RemovalImpact(items.Sum(item => item.Staff.Count), items.Count, items,
            [.. answers.Where(answer => answer.Problem is not null)
                .Select(answer => new UnansweredAccount(answer.Account.Code, answer.Account.Name, answer.Problem!))]));
    }

    static bool Loses(Enterprise enterprise, AccountState account, AffectedStaff staff) =>
        staff.Direct || IsLoginAs(enterprise, account, staff, asAdmin: false) || !IsLoginAs(enterprise, account, staff, asAdmin: true);

    static bool IsLoginAs(Enterprise enterprise, AccountState account, AffectedStaff staff, bool asAdmin) =>
        enterprise.Groups.Values.Where(group => group.Accounts.Contains(account.Code)).Any(group =>
            staff.Email.Equals(enterprise.LoginAs(group.Id, asAdmin, staffEmail: null), StringComparison.OrdinalIgnoreCase));

    static async Task<(AccountState Account, IReadOnlyList<AffectedStaff>? Staff, string? Problem)> Ask(
        AccountApiClient accounts, AccountState account, IReadOnlyList<string> remove, CancellationToken cancel)
    {
        try
        {
            var impact = await accounts.Post<RestrictionImpact>(
                account, "restrictions/preview", new RestrictionPreview(remove), Deadline, cancel);
            return (account, impact.Staff, null);
        }
        catch (AccountUnavailable e)
        {
            return (account, null, e.Message);
        }
    }
}
