using System.Text.Json;
using EnterprisePortal.Accounts.Groups;
using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Accounts.Onboarding;

/// <summary>
/// Tests everything that the portal will need from an account, step by step, and keeps the results. Another test replaces them.
/// </summary>
public static class TestConnection
{
    public static void Map(RouteGroupBuilder accounts)
    {
        accounts.MapPost("/{code}/connection", Handle).RequireAuthorization(Policies.Admin).WithName(nameof(TestConnection));
        accounts.MapGet("/{code}/connection", Show).RequireAuthorization(Policies.Admin).WithName("ShowConnection");
    }

    static async Task<Results<Ok<ConnectionState>, NotFound>> Handle(
        string code,
        AccountsDb db,
        ConnectionTest test,
        DirectoryReplica directory,
        Person person,
        ActivityRecorder activities,
        TimeProvider clock,
        CancellationToken cancel)
    {
        if (directory.Of(person.GroupId) is not { } enterprise || !enterprise.Sees(code, person.GroupId))
            return TypedResults.NotFound();
        var steps = await test.Run(enterprise, enterprise.Accounts[code], cancel);
        var account = await db.Accounts.SingleAsync(row => row.Code == code, cancel);
        (account.TestedAt, account.TestSteps) = (clock.GetUtcNow(), JsonSerializer.Serialize(steps, JsonSerializerOptions.Web));
        db.Publish(activities.Of(person, AuditActions.AccountTested, account.Name, code,
            new { passed = ConnectionTest.Passed(steps), steps = steps.Select(step => $"{step.Name}: {step.Outcome}") }));
        await db.SaveChangesAsync(cancel);
        return TypedResults.Ok(ResultOf(account).For(enterprise, person));
    }

    static async Task<Results<Ok<ConnectionState>, NotFound>> Show(
        string code,
        AccountsDb db,
        DirectoryReplica directory,
        Person person,
        CancellationToken cancel) =>
        directory.Of(person.GroupId) is { } enterprise && enterprise.Sees(code, person.GroupId)
            ? TypedResults.Ok(ResultOf(await db.Accounts.AsNoTracking().SingleAsync(row => row.Code == code, cancel))
                .For(enterprise, person)) : TypedResults.NotFound();

    /// <summary>As whom other groups enter is not every Admin's business.</summary>
    static ConnectionState For(this ConnectionState result, Enterprise enterprise, Person person) =>
        enterprise.IsRootAdmin(person) ? result : result with { Steps = [.. result.Steps.Select(WithoutOthers)] };

    static ConnectionStep WithoutOthers(ConnectionStep step) => (step.Name, step.Outcome) switch
    {
        (ConnectionTest.StaffStep, ConnectionTest.Good) => step with { Words = "Everybody can enter." },
        (ConnectionTest.StaffStep, ConnectionTest.Warning) =>
            step with { Words = "Some people cannot enter yet. Groups names those of your group." },
        _ => step
    };

    public static ConnectionState ResultOf(Account account)
    {
        var steps = account.TestSteps is null ? []
            : JsonSerializer.Deserialize<ConnectionStep[]>(account.TestSteps, JsonSerializerOptions.Web)!;
        return new(account.TestedAt, ConnectionTest.Passed(steps), steps);
    }
}
