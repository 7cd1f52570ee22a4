using EnterprisePortal.Accounts.Onboarding;
using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Enterprise = EnterprisePortal.ServiceDefaults.Directory.Enterprise;

namespace EnterprisePortal.Accounts;

/// <summary>
/// Repeating it changes nothing more; of two simultaneous edits the second is applied on top of the first (<see cref="DirectoryChange"/>).
/// A new account is activated by the status <c>active</c>, once its connection is tested and its restrictions are delivered.
/// </summary>
public static class EditAccount
{
    public static void Map(RouteGroupBuilder accounts) =>
        accounts.MapPatch("/{code}", Handle).RequireAuthorization(Policies.Admin).WithName(nameof(EditAccount));

    static async Task<Results<Ok<AccountItem>, NotFound, ValidationProblem, ProblemHttpResult>> Handle(
        string code,
        AccountChange body,
        AccountsDb db,
        DirectoryChange change,
        DirectoryReplica directory,
        NpgsqlDataSource source,
        Person person,
        ActivityRecorder activities,
        CancellationToken cancel)
    {
        if (body.TimeZone is not null && !TimeZoneInfo.TryFindSystemTimeZoneById(body.TimeZone, out _))
            return Refusal.Invalid("timeZone", "Not a time zone. Write it as America/Chicago.");
        if (body.Name is not null && string.IsNullOrWhiteSpace(body.Name))
            return Refusal.Invalid("name", "An account needs a name.");
        if (body.Contact is { } contact && (contact.Name is null || contact.Email is null || contact.Phone is null))
            return Refusal.Invalid("contact", "Give name, email and phone; leave empty what the account does not have.");
        if (body.Contact is { } given && !PlainText.IsPlain(given.Name + given.Email + given.Phone)
            || body.Locations?.Any(place => place is not null && !PlainText.IsPlain(place.Name + place.City + place.State)) == true)
            return Refusal.Invalid(body.Contact is null ? "locations" : "contact", PlainTextAttribute.Words);
        if (body.Locations?.Any(place => place is not { Name: not null, City: not null, State: not null }) == true)
            return Refusal.Invalid("locations", "A location has a name, a city and a state.");

        var enterprise = await change.Begin(directory.EnterpriseOf(person.GroupId), cancel);
        if (enterprise is null || !enterprise.IsActive(person.GroupId) || !enterprise.Groups[person.GroupId].Accounts.Contains(code))
            return TypedResults.NotFound();
        var account = await db.Accounts.SingleAsync(row => row.Code == code, cancel);
        if (body.Status is not null && account.Status == AccountState.Onboarding
            && WhyNotActivate(enterprise, account, body.Status, person) is { } refusal)
            return refusal;
        var before = Facts(account);
        account.Name = body.Name?.Trim() ?? account.Name;
        account.Owner = body.Owner?.Trim() ?? account.Owner;
        account.Contact = body.Contact ?? account.Contact;
        account.Locations = body.Locations ?? account.Locations;
        account.TimeZone = body.TimeZone ?? account.TimeZone;
        account.Country = body.Country ?? account.Country;
        var was = account.Status;
        account.Status = body.Status ?? account.Status;
        var after = Facts(account);
        if (before.ToString() != after.ToString())
        {
            var action = account.Status switch
            {
                AccountState.Suspended when was != AccountState.Suspended => AuditActions.AccountSuspended,
                AccountState.Active when was == AccountState.Suspended => AuditActions.AccountReinstated,
                AccountState.Active when was == AccountState.Onboarding => AuditActions.AccountActivated,
                _ => AuditActions.AccountEdited
            };
            db.Publish(activities.Of(person, action, account.Name, code, new { before, after }));
            if (action == AuditActions.AccountActivated)
                db.Publish(new AccountActivated(enterprise.Id, enterprise.Name, code, account.Name, account.Contact, person.Name));
            await change.Commit(cancel);
        }
        else
            await change.DisposeAsync();
        return await AccountList.Read(source, directory.ReachOf(person), person, code, cancel) is { } item
            ? TypedResults.Ok(item) : TypedResults.NotFound();
    }

    static ProblemHttpResult? WhyNotActivate(Enterprise enterprise, Account account, string status, Person person) =>
        !enterprise.IsRootAdmin(person) ? OnboardingRefusals.RootAdminOnly()
        : status == AccountState.Suspended
            ? Refusal.Of("account-onboarding", "This account has not been activated yet, so there is nothing to suspend.")
        : !TestConnection.ResultOf(account).Passed
            ? Refusal.Of("connection-not-tested", "Test the connection first. Every step has to pass before the account can be activated.")
        : account.RestrictionsAppliedAt is null
            ? Refusal.Of("restrictions-pending",
                "The account has not applied the enterprise's restrictions yet, and cannot be activated without them. "
                + "Try again in a moment.")
        : null;

    static object Facts(Account account) => new
    {
        account.Name, account.Owner, account.Contact,
        Locations = string.Join("; ", account.Locations.Select(place => $"{place.Name}, {place.City}, {place.State}")),
        account.TimeZone, account.Country, account.Status
    };
}
