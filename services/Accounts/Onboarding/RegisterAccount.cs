using EnterprisePortal.Accounts.Import;
using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EnterprisePortal.Accounts.Onboarding;

/// <summary>
/// Connects an account with the one-time code of its owner. From then on it exists and gets its restrictions, but nobody can enter it and
/// nothing reads it until it is tested and activated. Nothing is saved before the account has answered; if the portal dies in between, the
/// same request gets the same answer from the account. After success, a repeated request is refused, since the base URL is taken. An
/// account of another enterprise is asked like any other, and itself answers that it is not free: the portal never reveals what others have
/// registered.
/// </summary>
public static class RegisterAccount
{
    public static void Map(RouteGroupBuilder accounts) =>
        accounts.MapPost("/", Handle).RequireAuthorization(Policies.Admin).WithName(nameof(RegisterAccount));

    static async Task<Results<Created<AccountItem>, ValidationProblem, ProblemHttpResult>> Handle(
        NewAccount body,
        AccountsDb db,
        PairAccount pairing,
        DirectoryChange change,
        DirectoryReplica directory,
        NpgsqlDataSource source,
        Person person,
        ActivityRecorder activities,
        IHostEnvironment environment,
        IConfiguration configuration,
        TimeProvider clock,
        CancellationToken cancel)
    {
        if (directory.Of(person.GroupId) is not { } known || !known.IsRootAdmin(person))
            return OnboardingRefusals.RootAdminOnly();
        var baseUrl = body.BaseUrl.Trim().TrimEnd('/');
        if (await BaseUrls.Problem(baseUrl, environment.IsDevelopment(), cancel) is { } problem)
            return Refusal.Invalid("baseUrl", problem);
        var code = string.IsNullOrWhiteSpace(body.Code) ? BaseUrls.SuggestedCode(baseUrl) : body.Code.Trim();
        if (!EnterpriseFile.AccountCode().IsMatch(code))
            return Refusal.Invalid("code", $"\"{code}\" is not an account code. Give one of small letters, digits and hyphens.");
        if (body.Groups?.All(known.Groups.ContainsKey) == false)
            return Refusal.Invalid("groups", "There is no such group.");
        if (await AlreadyRegistered(db, known.Id, baseUrl, code, cancel) is { } taken)
            return taken;

        PairResponse paired;
        try
        {
            paired = await pairing.Pair(baseUrl, code,
                new(body.PairingCode, configuration.PortalUrl(), known.Id, known.Name, $"account-{code}"), cancel);
        }
        catch (PairAccount.Failed e)
        {
            return e.Name is PairAccount.Failed.WrongCode or PairAccount.Failed.Elsewhere
                ? Refusal.Invalid("pairingCode", PairAccount.Failed.NotTaken) : Refusal.Of(e.Name, e.Message);
        }

        // The account has answered: the few rows that follow must be written even if the browser is gone.
        var enterprise = (await change.Begin(known.Id, CancellationToken.None))!;
        var account = new Account
        {
            Code = code, EnterpriseId = enterprise.Id, Name = paired.Name.Trim(), Owner = paired.Owner, Contact = paired.Contact,
            Locations = paired.Locations,
            TimeZone = paired.TimeZone, Country = paired.Country, BaseUrl = baseUrl, ClientKeys = paired.Keys,
            Status = AccountState.Onboarding, RegisteredAt = clock.GetUtcNow()
        };
        db.Add(account);
        // Parents' rows first: the subset is a foreign key.
        var groups = (body.Groups ?? []).Append(enterprise.Id).SelectMany(enterprise.Ancestry).Distinct()
            .OrderBy(group => enterprise.Ancestry(group.Id).Count()).ToList();
        db.Publish(activities.Of(person, AuditActions.AccountRegistered, account.Name, code,
            new { account.BaseUrl, account.Owner, account.Contact, groups = groups.Select(group => group.Name) }));
        try
        {
            await db.SaveChangesAsync(CancellationToken.None);
            foreach (var group in groups)
            {
                db.Add(new GroupAccount(group.Id, code, group.ParentId));
                await db.SaveChangesAsync(CancellationToken.None);
            }
            await change.Commit(CancellationToken.None);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            await change.DisposeAsync();
            db.ChangeTracker.Clear();
            return await AlreadyRegistered(db, known.Id, baseUrl, code, CancellationToken.None) ?? OnboardingRefusals.NotPossible();
        }
        return TypedResults.Created($"/api/accounts/{code}",
            await AccountList.Read(source, directory.ReachOf(person), person, code, CancellationToken.None));
    }

    /// <summary>Checks the caller's own enterprise only.</summary>
    static async Task<ProblemHttpResult?> AlreadyRegistered(
        AccountsDb db, Guid enterprise, string baseUrl, string code, CancellationToken cancel)
    {
        var same = (await db.Accounts.AsNoTracking()
            .Where(row => row.EnterpriseId == enterprise && (EF.Functions.ILike(row.BaseUrl, Like.Exactly(baseUrl)) || row.Code == code))
            .Select(row => new { row.Code, row.Name }).ToListAsync(cancel)).MinBy(row => row.Code == code);
        return same is null ? null : OnboardingRefusals.Registered(same.Name);
    }
}

static class OnboardingRefusals
{
    public static ProblemHttpResult RootAdminOnly() =>
        Refusal.Of("root-admin-only", "Accounts are connected and removed by an Admin of the whole enterprise.",
            StatusCodes.Status403Forbidden);
    public static ProblemHttpResult Registered(string name) =>
        Refusal.Of("account-registered", $"This account is registered already, as {name}.");
    /// <summary>
    /// Codes and base URLs are unique in the whole portal. Here an account has paired all the same: operators can find out why.
    /// </summary>
    public static ProblemHttpResult NotPossible() =>
        Refusal.Of(PairAccount.Failed.NoAnswer, "This account cannot be registered. Ask the operators of the portal.");
}
